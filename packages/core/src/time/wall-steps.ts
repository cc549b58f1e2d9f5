import type { Message } from "../domain/message.ts";
import { scheduleStartedAt, endOfTime } from "../domain/next-step.ts";
import type { Clock } from "../ports/clock.ts";

/** Tracks how the wall clock was set while this process ran, and converts recorded times to the current wall clock. */
export interface WallSteps {
  /** The clock. Each call of `now` also checks whether the wall clock was set. */
  readonly clock: Clock;
  /**
   * By how many milliseconds the wall clock was set forward since it showed `at`; negative if it was set back. Any process may
   * have recorded `at`. A future time that this process never saw was recorded before the clock was set back: it counts as the
   * start of this process.
   */
  since(at: Date): number;
  /** Converts a time that was computed from the recorded time `from` to the current wall clock. */
  shifted(at: Date, from: Date): Date;
  /** The inverse: converts a time of the current wall clock to the wall clock that recorded `from`. */
  unshifted(at: Date, from: Date): Date;
}

/** When a queued message expires, by the current wall clock. */
export function expiryOf(wallSteps: WallSteps, message: Message): Date {
  const { expiresAt } = message.policy;
  return expiresAt ? wallSteps.shifted(expiresAt, scheduleStartedAt(message)) : endOfTime;
}

/** A period in which the wall clock was not set. `ahead`: by how many milliseconds it is ahead of the monotonic clock. */
interface Span {
  readonly fromMs: number;
  untilMs: number;
  ahead: number;
}

/** A smaller step is drift, or NTP correcting it. */
const leastStepMs = 500;
const spansKept = 100;

/** Tracks the wall clock from now on. */
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
    // After the clock was set back it showed the same time twice. The latest counts.
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
