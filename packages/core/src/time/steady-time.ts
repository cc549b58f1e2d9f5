import type { Clock } from "../ports/clock.ts";

/**
 * Times that only grow, in whole milliseconds. They begin as the wall clock's and go by monotonic time from there: what is
 * due at one of them is due on time, however the wall clock is set meanwhile.
 */
export interface SteadyTime {
  now(): number;
  /** The steady time of a wall clock time that was computed just now, rounded up. */
  of(at: Date): number;
  /** What the wall clock says now of a steady time. */
  toWall(at: number): Date;
  /** As the clock's `sleep`, until a steady time. */
  sleepUntil(at: number, woken?: Promise<unknown>): Promise<void>;
}

/** `startsAt` is what the time begins as. */
export function createSteadyTime(clock: Clock, startsAt: Date = clock.now()): SteadyTime {
  const origin = startsAt.getTime() - clock.monotonicMs();
  const exactly = (): number => origin + clock.monotonicMs();
  const ahead = (): number => exactly() - clock.now().getTime();

  return {
    now: () => Math.floor(exactly()),
    of: (at) => Math.ceil(at.getTime() + ahead()),
    toWall: (at) => new Date(Math.ceil(at - ahead())),
    sleepUntil: (at, woken) => clock.sleep(Math.ceil(at) - exactly(), woken),
  };
}
