/** The emulator's time: that of the machine, and what it was moved on by. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves it on, for limits, windows and what expires; delays and timeouts go by the machine's time. */
  advance(ms: number): void;
}

export interface OwnClock extends Clock {
  /** Back to the machine's time. */
  reset(): void;
}

export function createClock(source: () => number = Date.now): OwnClock {
  let ahead = 0;

  return {
    now: () => source() + ahead,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError("a clock only moves on");
      ahead += ms;
    },
    reset() {
      ahead = 0;
    },
  };
}
