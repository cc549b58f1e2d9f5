/** Spreads those who could go on at `at` at the earliest, so that they come back one by one, in their order. */
export type ReturnTimes = (at: number) => number;

/** Not everybody comes back, so nobody is sent away for longer than this for others. */
const longestMs = 300_000;

export function createReturnTimes(everyMs: number, horizonMs: number = longestMs): ReturnTimes {
  let next = 0;
  return (at) => {
    const until = Math.min(Math.max(at, next), at + horizonMs);
    next = until + everyMs;
    return until;
  };
}
