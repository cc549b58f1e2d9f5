/** Counts the calls in flight. A shutdown waits for them. */
export interface InFlight {
  /** Counts `work` until it settles, and returns it. */
  track<W extends Awaitable>(work: W): W;
  /** Counts one more call, until `end`. */
  begin(): void;
  end(): void;
  /** Resolves once nothing is in flight. */
  ended(): Promise<void>;
}

interface Awaitable {
  then(done: () => void, failed: () => void): unknown;
}

export function createInFlight(): InFlight {
  let count = 0;
  let allEnded: () => void = () => {};

  function end(): void {
    count -= 1;
    if (count === 0) allEnded();
  }

  function begin(): void {
    count += 1;
  }

  return {
    begin,
    end,
    track(work) {
      begin();
      work.then(end, end);
      return work;
    },
    async ended() {
      if (count > 0) await new Promise<void>((resolve) => (allEnded = resolve));
    },
  };
}
