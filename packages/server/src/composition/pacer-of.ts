import type { ObservablePacer, Pacer } from "@message-sender/core/adapter";

import type { CompositionOptions } from "./composition-options.ts";
import { type Get, tokens } from "./tokens.ts";

/** The pacer of the sender. One that the caller passes may not say how it is. */
export function pacerOf(get: Get, { ports }: Pick<CompositionOptions, "ports">): Pacer & Partial<ObservablePacer> {
  return ports?.pacer ?? get(tokens.pacer);
}
