import type { Clock } from "../ports/clock.ts";

export interface ContentLimits {
  readonly largestBytes: number;
  /** How long one piece may be waited for. */
  readonly idleMs: number;
  /** How long all of it may take. */
  readonly wholeMs: number;
}

/** Why there is no more of it. */
type ContentFault = "too large" | "too slow" | "failed";

/** Content that is counted and watched as it passes; it throws as soon as there is something wrong with it. */
export interface CheckedContent extends AsyncIterable<Uint8Array> {
  /** How many bytes have passed. */
  readonly size: number;
  readonly fault: ContentFault | undefined;
  /** Takes the first piece, to be given out later, and says whether there is one. */
  hasSome(): Promise<boolean>;
  /** Lets go of the content. */
  release(): void;
}

export function createCheckedContent(
  content: AsyncIterable<Uint8Array>,
  { largestBytes, idleMs, wholeMs }: ContentLimits,
  clock: Clock,
): CheckedContent {
  const source = content[Symbol.asyncIterator]();
  const released = Promise.withResolvers<void>();
  const wholeBy = clock.now().getTime() + wholeMs;
  let first: IteratorResult<Uint8Array> | undefined;
  let askedAt: number | undefined;
  let abandon: () => void = () => {};
  let isReleased = false;
  let size = 0;
  let fault: ContentFault | undefined;

  /** One sleep in half a minute: one for each piece would cost more memory than the pieces do. */
  async function watch(): Promise<void> {
    while (!isReleased) {
      const now = clock.now().getTime();
      const due = Math.min((askedAt ?? now) + idleMs, wholeBy);
      if (now >= due) {
        fault = "too slow";
        abandon();
        return;
      }
      await clock.sleepUntil(new Date(due), released.promise);
    }
  }

  function ask(): Promise<IteratorResult<Uint8Array>> {
    askedAt = clock.now().getTime();
    return new Promise((resolve, reject) => {
      abandon = () => reject(new Error("too slow"));
      source.next().then(resolve, reject);
    });
  }

  async function take(): Promise<IteratorResult<Uint8Array>> {
    // What is let go of must not look as if it had come to its end.
    if (isReleased || fault) throw new Error(fault ?? "released");
    try {
      const piece = await ask();
      askedAt = undefined;
      size += piece.done ? 0 : piece.value.length;
      if (size > largestBytes) {
        fault = "too large";
        throw new Error(fault);
      }
      return piece;
    } catch (error) {
      fault ??= "failed";
      release();
      throw error;
    }
  }

  function release(): void {
    if (isReleased) return;
    isReleased = true;
    released.resolve();
    source.return?.().then(ignore, ignore);
  }

  watch().catch(ignore);

  return {
    get size() {
      return size;
    },
    get fault() {
      return fault;
    },
    async hasSome() {
      do first = await take();
      while (!first.done && first.value.length === 0);
      return !first.done;
    },
    release,
    [Symbol.asyncIterator]: () => ({
      async next() {
        const piece = first ?? (await take());
        first = undefined;
        return piece;
      },
      async return() {
        release();
        return { done: true, value: undefined };
      },
    }),
  };
}

const ignore = (): void => {};
