const firstMs = 250;
const mostMs = 10_000;
/** A process that lived so long did not fail because of its start. */
const longLivedMs = 60_000;

/** How long to wait before a process that ended is replaced. */
export interface Restarts {
  /** Call it when the process has ended. */
  nextMs(livedMs: number): number;
}

/** Twice as long after each end, from a quarter of a second to ten, and from the beginning after a long life. */
export function createRestarts(): Restarts {
  let failures = 0;
  return {
    nextMs(livedMs) {
      failures = livedMs >= longLivedMs ? 0 : failures;
      failures += 1;
      return Math.min(mostMs, firstMs * 2 ** (failures - 1));
    },
  };
}
