import type { Clock } from "../ports/clock.ts";

export interface ContentLimits {
  readonly largestBytes: number;
  /** How long one piece may be waited for. */
  readonly idleMs: number;
  /** How long all of it may take. */
  readonly wholeMs: number;
}

/** Why there is no more of it. */
export type ContentFault = "too large" | "too slow" | "failed";

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
  const wholeBy = clock.now().getTime() + wholeMs;
  let first: IteratorResult<Uint8Array> | undefined;
  let isReleased = false;
  let size = 0;
  let fault: ContentFault | undefined;

  async function ask(): Promise<IteratorResult<Uint8Array>> {
    let hasCome = false;
    const asked = source.next().finally(() => (hasCome = true));
    await clock.sleepUntil(new Date(Math.min(clock.now().getTime() + idleMs, wholeBy)), asked);
    if (hasCome) return asked;
    asked.catch(ignore);
    fault = "too slow";
    throw new Error(fault);
  }

  async function take(): Promise<IteratorResult<Uint8Array>> {
    // What is let go of must not look as if it had come to its end.
    if (isReleased) throw new Error("released");
    try {
      const piece = await ask();
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
    source.return?.().then(ignore, ignore);
  }

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
