import type { PropsWithChildren } from "hono/jsx";

import type { Html } from "../document/render.ts";

/** How something is. Its word says the same as its colour. */
export type Tone = "neutral" | "good" | "warn" | "bad" | "info";

/** A word with a colour, such as a status. */
export function Badge({ tone = "neutral", children }: PropsWithChildren<{ tone?: Tone }>): Html {
  return <span class={`badge ${tone}`}>{children}</span>;
}
