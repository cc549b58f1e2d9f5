// Not the global ones: a test with fake timers would hold up each item.
import { performance } from "node:perf_hooks";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";

export interface BatcherOptions<Item, Answer> {
  /** Runs a batch. Returns one answer per item, in the same order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>;
  /** Items with the same key run one after another, in the order in which they were added. */
  readonly keyOf: (item: Item) => string;
  /** Called when a batch has ended. */
  readonly onBatch?: ((end: BatchEnd) => void) | undefined;
  /** The least time between the starts of two batches, unless many items are waiting. Default: none. */
  readonly spacingMs?: number;
}

/** How a batch ended. */
export interface BatchEnd {
  readonly size: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

export interface Batcher<Item, Answer> {
  add(item: Item): Promise<Answer>;
  /** For how many milliseconds the oldest item without an answer has been waiting; 0 if none waits. */
  oldestWaitMs(): number;
  /** Resolves when nothing is in flight or waiting. */
  idle(): Promise<void>;
}

const maxSize = 500;
/** With so many items a batch is worth its own transaction. With fewer it waits for the batch before it, and gathers more. */
const many = 32;
const maxInFlight = 2;

/** Items that are added while a batch is in flight form the next one. */
export function createBatcher<Item, Answer>(options: BatcherOptions<Item, Answer>): Batcher<Item, Answer> {
  const { run, keyOf, onBatch, spacingMs = 0 } = options;
  type Waiting = { item: Item; since: number; resolve: (answer: Answer) => void; reject: (cause: unknown) => void };
  let waiting: Waiting[] = [];
  let inFlight = 0;
  let isScheduled = false;
  let timer: NodeJS.Timeout | undefined;
  let startedAt = -Infinity;
  const busyKeys = new Set<string>();
  const batches = new Set<readonly Waiting[]>();
  const idlers = new Set<() => void>();

  function schedule(): void {
    if (isScheduled || waiting.length === 0) return;
    if (waiting.length >= many) return void (inFlight < maxInFlight && startSoon());
    if (inFlight > 0 || timer) return;
    const waitMs = startedAt + spacingMs - performance.now();
    if (waitMs < 1) startSoon();
    else timer = setTimeout(startSoon, waitMs);
  }

  function startSoon(): void {
    clearTimeout(timer);
    timer = undefined;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      startedAt = performance.now();
      start(take());
    });
  }

  function take(): Waiting[] {
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    for (const one of waiting) {
      const key = keyOf(one.item);
      const isFree = taken.length < maxSize && !busyKeys.has(key);
      if (isFree) busyKeys.add(key);
      (isFree ? taken : left).push(one);
    }
    waiting = left;
    return taken;
  }

  function start(batch: readonly Waiting[]): void {
    if (batch.length === 0) return;
    inFlight += 1;
    batches.add(batch);
    const from = startedAt;
    const ended = (failed: boolean): void => {
      batches.delete(batch);
      onBatch?.({ size: batch.length, durationMs: performance.now() - from, failed });
    };
    run(batch.map(({ item }) => item))
      .then(
        (answers) => {
          ended(false);
          batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
        },
        (cause: unknown) => {
          ended(true);
          batch.forEach(({ reject }) => reject(cause));
        },
      )
      .finally(() => {
        inFlight -= 1;
        for (const { item } of batch) busyKeys.delete(keyOf(item));
        if (inFlight === 0 && waiting.length === 0) for (const wake of idlers) wake();
        schedule();
      });
    schedule();
  }

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, since: performance.now(), resolve, reject });
        schedule();
      });
    },
    oldestWaitMs() {
      // Items keep their order: the first of each is its oldest.
      const oldest = [waiting, ...batches].flatMap(([first]) => first?.since ?? []);
      return oldest.length === 0 ? 0 : performance.now() - Math.min(...oldest);
    },
    async idle() {
      if (inFlight === 0 && waiting.length === 0) return;
      await new Promise<void>((resolve) => idlers.add(resolve));
    },
  };
}
