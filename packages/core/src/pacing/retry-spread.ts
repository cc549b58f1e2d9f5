/** Returns a retry time for each call, from `at` on and one after another. */
export type RetrySpread = (at: number) => number;

/** Not every caller comes back, so none is delayed by more than this. */
const longestMs = 300_000;

/** Spreads retries `everyMs()` apart, up to `horizonMs` after their earliest time. */
export function createRetrySpread(everyMs: () => number, horizonMs: number = longestMs): RetrySpread {
  let next = 0;
  return (at) => {
    const until = Math.min(Math.max(at, next), at + horizonMs);
    next = until + everyMs();
    return until;
  };
}
