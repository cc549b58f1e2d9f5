/** Is told whose turn it is. */
export interface BodyTurns {
  /** The other side has taken all there was so far: the content is waited for. */
  onAsked(): void;
  /** A piece is on its way, or the end: the other side is waited for. */
  onGiven(): void;
}

/** A body that comes piece by piece, each asked for when the one before was taken. */
export interface StreamedBody extends AsyncIterable<Uint8Array> {
  /** Ends it, also while a piece is waited for, and lets go of the content. */
  stop(): void;
}

/** Nothing here outlives a piece: a promise that lived as long as the body would keep every piece that was raced with it. */
export function createStreamedBody(content: AsyncIterable<Uint8Array>, turns: BodyTurns): StreamedBody {
  const source = content[Symbol.asyncIterator]();
  let isOver = false;
  let abandon: () => void = () => {};

  function ask(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      abandon = () => reject(new Error("given up"));
      source.next().then(resolve, reject);
    });
  }

  function stop(): void {
    if (isOver) return;
    isOver = true;
    abandon();
    source.return?.().then(ignore, ignore);
  }

  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (isOver) throw new Error("given up");
        turns.onAsked();
        const piece = await ask();
        if (isOver) throw new Error("given up");
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
