/** Learns whose turn it is. */
export interface BodyTurns {
  /** The server has consumed every chunk: now the content must provide the next one. */
  onAsked(): void;
  /** A chunk or the end was provided: now the server must consume it. */
  onGiven(): void;
}

/** A streamed body. Each chunk is requested after the previous one was consumed. */
export interface StreamedBody extends AsyncIterable<Uint8Array> {
  /** Ends the body, even while a chunk is awaited, and releases the content. */
  stop(): void;
}

/** No promise here outlives a chunk: one that lived as long as the body would retain every chunk that was raced with it. */
export function createStreamedBody(content: AsyncIterable<Uint8Array>, turns: BodyTurns): StreamedBody {
  const source = content[Symbol.asyncIterator]();
  let isOver = false;
  let rejectPending: () => void = () => {};

  function ask(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      rejectPending = () => reject(new Error("abandoned"));
      source.next().then(resolve, reject);
    });
  }

  function stop(): void {
    if (isOver) return;
    isOver = true;
    rejectPending();
    source.return?.().then(ignore, ignore);
  }

  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (isOver) throw new Error("abandoned");
        turns.onAsked();
        const piece = await ask();
        if (isOver) throw new Error("abandoned");
        if (piece.done) isOver = true;
        turns.onGiven();
        return piece;
      },
      async return() {
        stop();
        return { done: true, value: undefined };
      },
    }),
    stop,
  };
}

const ignore = (): void => {};
