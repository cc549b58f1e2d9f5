/** The server's clock by the monotonic time of this process. */
export interface ServerClock {
  /** Learns from a call that was sent at `sentMs` and answered at `answeredMs`, when the server's clock was at `serverMs` in between. */
  learn(serverMs: number, sentMs: number, answeredMs: number): void;
  /** By how much a converted time may be off at most. */
  readonly errorMs: number;
  /** Converts a time of the server's clock. Off by half of the shortest round trip of late. */
  toMonotonic(serverMs: number): number;
}

/** How far two good clocks drift apart in a millisecond. */
const drift = 1e-4;

/** Keeps the sample with the shortest round trip, as NTP does: it bounds the error best. Samples age, since clocks drift. */
export function createServerClock(): ServerClock {
  let known = { aheadMs: 0, errorMs: Infinity, at: 0 };

  return {
    get errorMs() {
      return known.errorMs;
    },
    learn(serverMs, sentMs, answeredMs) {
      const aheadMs = serverMs - (sentMs + answeredMs) / 2;
      const errorMs = (answeredMs - sentMs) / 2;
      const agedMs = known.errorMs + (answeredMs - known.at) * drift;
      // What contradicts the known sample shows that a clock was set.
      const isSet = Math.abs(aheadMs - known.aheadMs) > errorMs + agedMs;
      if (isSet || errorMs <= agedMs) known = { aheadMs, errorMs, at: answeredMs };
    },
    toMonotonic: (serverMs) => serverMs - known.aheadMs,
  };
}
