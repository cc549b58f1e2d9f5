import type { Message } from "../domain/message.ts";
import { scheduleStartedAt, endOfTime } from "../domain/next-step.ts";
import type { Clock } from "../ports/clock.ts";

/** Knows how the wall clock was set while this process ran, so that a recorded time can be compared with the present one. */
export interface WallSteps {
  /** The clock, which takes notice whenever it is asked for the time. */
  readonly clock: Clock;
  /**
   * How many milliseconds the wall clock was set forward since it said `at`; negative where it was set back. `at` may have been
   * recorded by any process. One that lies ahead, and that this process has not seen, was recorded before the clock was set
   * back: it counts as the start of this process.
   */
  since(at: Date): number;
  /** A time that was computed from the recorded time `from`, by the present wall clock. */
  shifted(at: Date, from: Date): Date;
  /** The inverse: a time of the present wall clock, by the wall clock as it was when `from` was recorded. */
  unshifted(at: Date, from: Date): Date;
}

/** When a queued message expires, by the present wall clock. */
export function expiryOf(wallSteps: WallSteps, message: Message): Date {
  const { expiresAt } = message.policy;
  return expiresAt ? wallSteps.shifted(expiresAt, scheduleStartedAt(message)) : endOfTime;
}

/** A period in which the wall clock was not set. `ahead` is how far it is ahead of the monotonic time. */
interface Span {
  readonly fromMs: number;
  untilMs: number;
  ahead: number;
}

/** Smaller steps are drift, or NTP correcting it. */
const leastStepMs = 500;
const spansKept = 100;

export function createWallSteps(clock: Clock): WallSteps {
  const startedMs = clock.monotonicMs();
  let current: Span = { fromMs: -Infinity, untilMs: startedMs, ahead: clock.now().getTime() - startedMs };
  const spans = [current];

  function now(): Date {
    const wall = clock.now();
    const ms = clock.monotonicMs();
    const ahead = wall.getTime() - ms;
    if (Math.abs(ahead - current.ahead) < leastStepMs) {
      current.ahead = ahead;
      current.untilMs = ms;
    } else {
      current = { fromMs: ms, untilMs: ms, ahead };
      spans.push(current);
      if (spans.length > spansKept) spans.shift();
    }
    return wall;
  }

  function holds({ fromMs, untilMs, ahead }: Span, at: number): boolean {
    const ms = at - ahead;
    return ms > fromMs - leastStepMs && ms < untilMs + leastStepMs;
  }

  function since(at: Date): number {
    const present = now().getTime();
    // Where the clock was set back it said the same time twice; the latest counts.
    const span = spans.findLast((each) => holds(each, at.getTime()));
    if (span) return span === current ? 0 : Math.round(current.ahead - span.ahead);
    return at.getTime() > present ? Math.round(startedMs + current.ahead) - at.getTime() : 0;
  }

  return {
    clock: { now, monotonicMs: clock.monotonicMs, sleep: clock.sleep },
    since,
    shifted: (at, from) => new Date(at.getTime() + since(from)),
    unshifted: (at, from) => new Date(at.getTime() - since(from)),
  };
}
