import type { Clock } from "../ports/clock.ts";

/** Time that never goes back, in milliseconds; a wall clock that is set back shifts it against that clock and nothing else. */
export interface SteadyTime {
  now(): number;
  /** The steady time of a time of the wall clock. */
  of(at: Date): number;
  /** The wall clock's time of a steady time. */
  toWall(at: number): Date;
  /** As the clock's own, until a steady time. */
  sleepUntil(at: number, woken: Promise<unknown>): Promise<void>;
}

export function createSteadyTime(clock: Clock): SteadyTime {
  let latest = -Infinity;
  let ahead = 0;

  function now(): number {
    const wall = clock.now().getTime();
    if (wall + ahead < latest) ahead = latest - wall;
    latest = wall + ahead;
    return latest;
  }

  const toWall = (at: number): Date => new Date(Math.ceil(at - ahead));

  return {
    now,
    of: (at) => at.getTime() + ahead,
    toWall,
    sleepUntil: (at, woken) => clock.sleepUntil(toWall(at), woken),
  };
}
