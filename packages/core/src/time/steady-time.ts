import type { Clock } from "../ports/clock.ts";

/**
 * A time that never goes back: it starts at the wall clock's time and then follows the monotonic clock. Something that is due at a
 * steady time is due on time, even if the wall clock is set meanwhile. Times are in milliseconds since 1970.
 */
export interface SteadyTime {
  /** The current steady time, in whole milliseconds. */
  now(): number;
  /** Converts a time of the current wall clock. What lies ahead of it is rounded up; what does not is not ahead of `now()` either. */
  of(at: Date): number;
  /** Converts a time of the clock's `monotonicMs`. */
  ofMonotonic(ms: number): number;
  /** Converts a steady time to the current wall clock. */
  toWall(at: number): Date;
  /** Sleeps until a steady time, as `Clock.sleep` does. */
  sleepUntil(at: number, woken?: Promise<unknown>): Promise<void>;
}

/** `startsAt`: the steady time now. Default: the wall clock's. */
export function createSteadyTime(clock: Clock, startsAt: Date = clock.now()): SteadyTime {
  const origin = startsAt.getTime() - clock.monotonicMs();
  const exactly = (): number => origin + clock.monotonicMs();
  const ahead = (): number => exactly() - clock.now().getTime();

  function of(at: Date): number {
    const time = exactly();
    const leftMs = at.getTime() - clock.now().getTime();
    return leftMs > 0 ? Math.ceil(time + leftMs) : Math.floor(time + leftMs);
  }

  return {
    now: () => Math.floor(exactly()),
    of,
    ofMonotonic: (ms) => origin + ms,
    toWall: (at) => new Date(Math.ceil(at - ahead())),
    sleepUntil: (at, woken) => clock.sleep(Math.ceil(at) - exactly(), woken),
  };
}
