/** Gives those that may come back at `at` a time each, one after another in the order of the calls. */
export type RetrySpread = (at: number) => number;

/** Not everybody comes back, so nobody is delayed by more than this for the others. */
const longestMs = 300_000;

export function createRetrySpread(everyMs: number, horizonMs: number = longestMs): RetrySpread {
  let next = 0;
  return (at) => {
    const until = Math.min(Math.max(at, next), at + horizonMs);
    next = until + everyMs;
    return until;
  };
}
