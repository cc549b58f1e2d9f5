/** Remembers what was read for each key, for a while. */
export interface SharedReadings<T> {
  /** What was read at most `freshMs` ago, or is being read. One that fails is not remembered. */
  of(key: string): Promise<T>;
}

interface Options<T> {
  readonly read: (key: string) => Promise<T>;
  readonly freshMs: number;
  /** How many are read at a time; the others wait. Default: 4. */
  readonly atOnce?: number;
  /** How many keys are remembered; the oldest is forgotten first. Default: 1,000. */
  readonly capacity?: number;
}

/** So that many pages, opened often, do not ask a service more than it likes. */
export function createSharedReadings<T>({ read, freshMs, atOnce = 4, capacity = 1000 }: Options<T>): SharedReadings<T> {
  const known = new Map<string, { readonly value: Promise<T>; readonly until: number }>();
  const waiting: (() => void)[] = [];
  let running = 0;

  async function readInTurn(key: string): Promise<T> {
    if (running >= atOnce) await new Promise<void>((go) => waiting.push(go));
    running += 1;
    try {
      return await read(key);
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  }

  return {
    of(key) {
      const now = performance.now();
      const fresh = known.get(key);
      if (fresh && fresh.until > now) return fresh.value;
      const [oldest] = known.size < capacity ? [] : known.keys();
      if (oldest !== undefined) known.delete(oldest);
      const value = readInTurn(key);
      known.delete(key);
      known.set(key, { value, until: now + freshMs });
      value.catch(() => known.delete(key));
      return value;
    },
  };
}
