/** When what this process handles now can have arrived at the earliest, in milliseconds of `performance.now()`. */
export interface Turns {
  /** For what came on a connection that this process has known for a while. */
  earliestMs(): number;
  /** For a connection that this process accepts now. Its first bytes came after it. */
  earliestOfConnectionMs(): number;
  close(): void;
}

/** So that no turn waits longer for something to happen. */
const longestWaitMs = 2;

/**
 * The event loop asks the system once a turn what has arrived. So what it handles in a turn arrived after it had asked in the turn before.
 * Connections may be accepted one a turn: they arrived after the last turn that had none.
 */
export function createTurns(): Turns {
  const now = performance.now();
  /** When the last turn ended, and the one before: this turn asked after the first, and the turn before it after the second. */
  let ended = now;
  let endedBefore = now;
  let withoutConnections = now;
  let hasConnection = false;
  let isEnding = false;

  function endsLater(): void {
    if (isEnding) return;
    isEnding = true;
    setImmediate(() => {
      isEnding = false;
      if (!hasConnection) withoutConnections = ended;
      hasConnection = false;
      endedBefore = ended;
      ended = performance.now();
    });
  }

  const ticking = setInterval(endsLater, longestWaitMs);
  return {
    earliestMs() {
      endsLater();
      return endedBefore;
    },
    earliestOfConnectionMs() {
      endsLater();
      hasConnection = true;
      return Math.min(withoutConnections, endedBefore);
    },
    close: () => clearInterval(ticking),
  };
}
