/** Counts the calls in flight, so that a shutdown can wait for them. */
export interface InFlight {
  track<W extends Awaitable>(work: W): W;
  /** Resolves once nothing is in flight. */
  ended(): Promise<void>;
}

interface Awaitable {
  then(done: () => void, failed: () => void): unknown;
}

/** `onEnd` is called after each call. */
export function createInFlight(onEnd: () => void): InFlight {
  let count = 0;
  let allEnded: () => void = () => {};

  function end(): void {
    count -= 1;
    if (count === 0) allEnded();
    onEnd();
  }

  return {
    track(work) {
      count += 1;
      work.then(end, end);
      return work;
    },
    async ended() {
      if (count > 0) await new Promise<void>((resolve) => (allEnded = resolve));
    },
  };
}
