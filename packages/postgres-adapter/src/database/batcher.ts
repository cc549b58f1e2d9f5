export interface BatcherOptions<Item, Answer> {
  /** Runs a batch. Returns one answer per item, in the same order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>;
  /** Items with the same key run one after another, in the order in which they were added. */
  readonly keyOf: (item: Item) => string;
}

export interface Batcher<Item, Answer> {
  add(item: Item): Promise<Answer>;
  /** Resolves when nothing is in flight or waiting. */
  idle(): Promise<void>;
}

const maxSize = 500;
/** One batch runs on the server while another one is in transit. */
const maxInFlight = 2;

/** Items that are added while a batch is in flight form the next one. */
export function createBatcher<Item, Answer>({ run, keyOf }: BatcherOptions<Item, Answer>): Batcher<Item, Answer> {
  type Waiting = { item: Item; resolve: (answer: Answer) => void; reject: (cause: unknown) => void };
  let waiting: Waiting[] = [];
  let inFlight = 0;
  let isScheduled = false;
  const busyKeys = new Set<string>();
  const idlers = new Set<() => void>();

  function schedule(): void {
    if (isScheduled || inFlight === maxInFlight || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
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
    run(batch.map(({ item }) => item))
      .then(
        (answers) => batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer)),
        (cause: unknown) => batch.forEach(({ reject }) => reject(cause)),
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
        waiting.push({ item, resolve, reject });
        schedule();
      });
    },
    async idle() {
      if (inFlight === 0 && waiting.length === 0) return;
      await new Promise<void>((resolve) => idlers.add(resolve));
    },
  };
}
