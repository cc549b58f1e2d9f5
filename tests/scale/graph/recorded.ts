import { setPriority } from "node:os";

import type { Arrival } from "./arrival.ts";
import { certainlySince, judge, type Seen } from "./judge.ts";

/** What a WhatsApp has recorded of a run. */
export interface Recorded {
  readonly arrivals: readonly Arrival[];
  /** How many different messages were accepted. */
  readonly accepted: number;
  /** Of its process. Added to a time of an arrival, it makes it one of the wall clock. */
  readonly timeOriginMs: number;
  /** What was recorded so far does not count. */
  clear(): void;
}

export type ToRecorder =
  | { readonly ask: "seen" | "accepted" | "clear" }
  | { readonly ask: "arrivedAt"; readonly to: string }
  | { readonly ask: "arrivedWithin"; readonly ms: number };

export interface FromRecorder {
  readonly seen: Seen;
  readonly accepted: number;
  /** By the wall clock. 0: not yet. */
  readonly arrivedAt: number;
  readonly arrivedWithin: number;
}

export function answerOf(recorded: Recorded, command: ToRecorder): Partial<FromRecorder> {
  switch (command.ask) {
    case "seen":
      return { seen: judge(recorded.arrivals, recorded.timeOriginMs) };
    case "accepted":
      return { accepted: recorded.accepted };
    case "arrivedAt": {
      const atMs = recorded.arrivals.find(({ to }) => to === command.to)?.atMs;
      return { arrivedAt: atMs === undefined ? 0 : recorded.timeOriginMs + atMs };
    }
    case "arrivedWithin": {
      const sinceMs = performance.timeOrigin + performance.now() - recorded.timeOriginMs - command.ms;
      return { arrivedWithin: certainlySince(recorded.arrivals, sinceMs) };
    }
    case "clear":
      recorded.clear();
      return {};
  }
}

/** Requests count when they arrive, not when this process gets to run. Only root may do that. */
export function raisePriority(): void {
  try {
    setPriority(-15);
  } catch {
    // Its lateness is reported.
  }
}
