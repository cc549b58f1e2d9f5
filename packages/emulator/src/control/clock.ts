/** The sandbox's clock: the machine's time, plus what it was advanced by. */
export interface SandboxClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Advances limits, windows and expiry; delays and timeouts follow the machine's time. Throws on a negative number. */
  advance(ms: number): void;
}

export interface ResettableClock extends SandboxClock {
  /** Back to the machine's time. */
  reset(): void;
  /** How far it is ahead, in milliseconds. */
  readonly aheadMs: number;
}

export function createClock(source: () => number = Date.now): ResettableClock {
  let ahead = 0;

  return {
    now: () => source() + ahead,
    get aheadMs() {
      return ahead;
    },
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError("a clock cannot go back");
      ahead += ms;
    },
    reset() {
      ahead = 0;
    },
  };
}
