import type { Clock } from "../../ports/clock.ts";
import { dispose } from "./dispose.ts";

export interface ContentLimits {
  readonly largestBytes: number;
  /** The longest wait for one piece. */
  readonly idleMs: number;
  /** The longest time for the whole content. */
  readonly wholeMs: number;
  /** The lowest average rate over the time spent waiting, checked from `idleMs` on. */
  readonly leastBytesPerSecond: number;
}

/** Why there is no more of it. */
type ContentFault = "too large" | "too slow" | "not bytes" | "failed";

/** Content whose size and rate are checked while it streams through; it throws at the first violation. */
export interface CheckedContent extends AsyncIterable<Uint8Array> {
  /** How many bytes have passed. */
  readonly size: number;
  readonly fault: ContentFault | undefined;
  /** Whether the consumer has reached its end. */
  readonly isWhole: boolean;
  /** The total time spent waiting for its pieces. */
  readonly waitedMs: number;
  /** Reads the first piece ahead, and says whether there is one. */
  hasSome(): Promise<boolean>;
  /** Stops waiting for it: it is too slow. */
  giveUp(): void;
  /** Disposes of the content. */
  release(): void;
}

/** Throws what the content throws when it is asked for its iterator. */
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

  /** One sleep in half a minute: one for each piece would cost more memory than the pieces do. */
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
    // Content that was disposed of must not look complete.
    if (isReleased || fault) throw new Error(fault ?? "released");
    try {
      const piece = await ask();
      waitedBefore = waitedMs();
      askedAt = undefined;
      isWhole = piece.done === true;
      if (!piece.done) count(piece.value);
      return piece;
    } catch (error) {
      if (!isReleased) fault ??= "failed";
      release();
      throw error;
    }
  }

  function count(piece: unknown): void {
    if (!isBytes(piece)) throw new Error((fault = "not bytes"));
    size += piece.length;
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

/** Also of another realm. */
function isBytes(piece: unknown): piece is Uint8Array {
  return (piece as Partial<Uint8Array> | null | undefined)?.[Symbol.toStringTag] === "Uint8Array";
}

const ignore = (): void => {};
