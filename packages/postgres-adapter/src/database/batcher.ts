export interface BatcherOptions<Item, Answer> {
  /** Does what each item asks for; one answer each, in the order given. */
  readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>;
  /** Of items with one name only one is under way at a time, in the order in which they came. */
  readonly nameOf: (item: Item) => string;
}

export interface Batcher<Item, Answer> {
  add(item: Item): Promise<Answer>;
  /** Resolves when nothing is under way or waiting. */
  idle(): Promise<void>;
}

const maxSize = 500;
const maxUnderWay = 2;

/** What arrives while a batch is under way joins the next. Two are under way at most, so that one runs while one travels. */
export function createBatcher<Item, Answer>({ run, nameOf }: BatcherOptions<Item, Answer>): Batcher<Item, Answer> {
  type Waiting = { item: Item; resolve: (answer: Answer) => void; reject: (cause: unknown) => void };
  let waiting: Waiting[] = [];
  let underWay = 0;
  let isScheduled = false;
  const busy = new Set<string>();
  const idlers = new Set<() => void>();

  function schedule(): void {
    if (isScheduled || underWay === maxUnderWay || waiting.length === 0) return;
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
      const name = nameOf(one.item);
      const isFree = taken.length < maxSize && !busy.has(name);
      if (isFree) busy.add(name);
      (isFree ? taken : left).push(one);
    }
    waiting = left;
    return taken;
  }

  function start(batch: readonly Waiting[]): void {
    if (batch.length === 0) return;
    underWay += 1;
    run(batch.map(({ item }) => item))
      .then(
        (answers) => batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer)),
        (cause: unknown) => batch.forEach(({ reject }) => reject(cause)),
      )
      .finally(() => {
        underWay -= 1;
        for (const { item } of batch) busy.delete(nameOf(item));
        if (underWay === 0 && waiting.length === 0) for (const wake of idlers) wake();
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
      if (underWay === 0 && waiting.length === 0) return;
      await new Promise<void>((resolve) => idlers.add(resolve));
    },
  };
}
