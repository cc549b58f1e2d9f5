import type { PropsWithChildren } from "hono/jsx";

import type { Html } from "../document/render.ts";
import { StatusTick } from "./status-tick.tsx";
import { Time } from "./time.tsx";

/** A message in a chat. */
export interface BubbleProps {
  /** Of the element: the same message has the same one in each swap. */
  readonly id: string;
  /** `out`: the business sent it. */
  readonly direction: "in" | "out";
  /** Who wrote it, for those who cannot see on which side it is. */
  readonly from: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of those that were sent. */
  readonly status?: string;
  /** What it answers. */
  readonly quoted?: Html;
  /** Emoji that people set under it. */
  readonly reactions?: readonly string[];
  /** What can be done with it; shown beside it. */
  readonly actions?: Html;
  /** What can be pressed, below its text. */
  readonly buttons?: Html;
}

/** A bubble of a chat, on the side of whoever wrote it. */
export function Bubble(props: PropsWithChildren<BubbleProps>): Html {
  const { id, direction, from, at, status, quoted, reactions = [], actions, buttons, children } = props;
  return (
    <li class={`message ${direction}`} id={id}>
      <div class="bubble-row">
        <div class={`bubble${status === "failed" ? " failed" : ""}`}>
          <span class="hidden">{from}: </span>
          {quoted && <div class="quoted">{quoted}</div>}
          <div class="bubble-body">{children}</div>
          <span class="bubble-meta">
            <Time at={at} form="clock" />
            {status !== undefined && <StatusTick status={status} />}
          </span>
          {buttons && <div class="bubble-buttons">{buttons}</div>}
        </div>
        {actions && <div class="bubble-actions">{actions}</div>}
      </div>
      {reactions.length > 0 && (
        <p class="reactions">
          <span class="hidden">Reactions: </span>
          {reactions.join(" ")}
        </p>
      )}
    </li>
  );
}
