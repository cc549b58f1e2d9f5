import type { Clock } from "../../ports/clock.ts";
import { dispose } from "./dispose.ts";

/** What content may be at most. Times are in milliseconds. */
export interface ContentLimits {
  readonly largestBytes: number;
  /** The longest wait for one chunk. */
  readonly idleMs: number;
  /** The longest time for the whole content. */
  readonly wholeMs: number;
  /** The lowest average rate over the time spent waiting. Checked once that time reaches `idleMs`. */
  readonly leastBytesPerSecond: number;
}

/** Why the content ended early. */
type ContentFault = "too large" | "too slow" | "not bytes" | "failed";

/** Content whose size and rate are checked while it streams through. It throws at the first violation. */
export interface CheckedContent extends AsyncIterable<Uint8Array> {
  /** How many bytes have been read. */
  readonly size: number;
  readonly fault: ContentFault | undefined;
  /** Whether the consumer has read it to its end. */
  readonly isWhole: boolean;
  /** The total time spent waiting for its chunks. */
  readonly waitedMs: number;
  /** Reads the first chunk ahead. Resolves to whether there is one. */
  hasSome(): Promise<boolean>;
  /** Stops the content as too slow. */
  giveUp(): void;
  /** Disposes of the content. */
  release(): void;
}

/** Checks content. Throws what the content throws when asked for its iterator. */
export function createCheckedContent(
  content: AsyncIterable<Uint8Array>,
  { largestBytes, idleMs, wholeMs, leastBytesPerSecond }: ContentLimits,
  clock: Clock,
): CheckedContent {
  const source = content[Symbol.asyncIterator]();
  const released = Promise.withResolvers<void>();
  const wholeBy = clock.monotonicMs() + wholeMs;
  let first: IteratorResult<Uint8Array> | undefined;
  let askedAt: number | undefined;
  let waitedBefore = 0;
  let abandon: () => void = () => {};
  let isReleased = false;
  let isWhole = false;
  let size = 0;
  let fault: ContentFault | undefined;

  /** Sleeps once in half a minute: a sleep for each chunk would take more memory than the chunks. */
  async function watch(): Promise<void> {
    while (!isReleased) {
      const now = clock.monotonicMs();
      const due = Math.min((askedAt ?? now) + idleMs, wholeBy);
      const waited = waitedMs();
      if (now >= due || (waited >= idleMs && size * 1000 < waited * leastBytesPerSecond)) return giveUp();
      await clock.sleep(due - now, released.promise);
    }
  }

  function giveUp(): void {
    if (isWhole || isReleased) return;
    fault ??= "too slow";
    abandon();
  }

  function waitedMs(): number {
    return waitedBefore + (askedAt === undefined ? 0 : clock.monotonicMs() - askedAt);
  }

  function ask(): Promise<IteratorResult<Uint8Array>> {
    askedAt = clock.monotonicMs();
    return new Promise((resolve, reject) => {
      abandon = () => reject(new Error("too slow"));
      source.next().then(resolve, reject);
    });
  }

  async function take(): Promise<IteratorResult<Uint8Array>> {
    // Disposed content must not look complete.
    if (isReleased || fault) throw new Error(fault ?? "released");
    try {
      const chunk = await ask();
      waitedBefore = waitedMs();
      askedAt = undefined;
      isWhole = chunk.done === true;
      if (!chunk.done) count(chunk.value);
      return chunk;
    } catch (error) {
      if (!isReleased) fault ??= "failed";
      release();
      throw error;
    }
  }

  function count(chunk: unknown): void {
    if (!isBytes(chunk)) throw new Error((fault = "not bytes"));
    size += chunk.length;
    if (size > largestBytes) throw new Error((fault = "too large"));
  }

  function release(): void {
    if (isReleased) return;
    isReleased = true;
    released.resolve();
    dispose(isWhole ? undefined : content, source);
  }

  watch().catch(ignore);

  return {
    get size() {
      return size;
    },
    get fault() {
      return fault;
    },
    get isWhole() {
      return isWhole;
    },
    get waitedMs() {
      return waitedMs();
    },
    giveUp,
    async hasSome() {
      do first = await take();
      while (!first.done && first.value.length === 0);
      return !first.done;
    },
    release,
    [Symbol.asyncIterator]: () => ({
      async next() {
        const chunk = first ?? (await take());
        first = undefined;
        return chunk;
      },
      async return() {
        release();
        return { done: true, value: undefined };
      },
    }),
  };
}

/** Recognizes a `Uint8Array` of another realm too. */
function isBytes(chunk: unknown): chunk is Uint8Array {
  return (chunk as Partial<Uint8Array> | null | undefined)?.[Symbol.toStringTag] === "Uint8Array";
}

const ignore = (): void => {};
