/** Counts what is under way, so that an end can wait for it. */
export interface Tracker {
  track<W extends Awaitable>(work: W): W;
  /** Resolves when nothing is under way. */
  ended(): Promise<void>;
}

interface Awaitable {
  then(done: () => void, failed: () => void): unknown;
}

export function createTracker(onEnd: () => void): Tracker {
  let underWay = 0;
  let allEnded: () => void = () => {};

  function end(): void {
    underWay -= 1;
    if (underWay === 0) allEnded();
    onEnd();
  }

  return {
    track(work) {
      underWay += 1;
      work.then(end, end);
      return work;
    },
    async ended() {
      if (underWay > 0) await new Promise<void>((resolve) => (allEnded = resolve));
    },
  };
}
