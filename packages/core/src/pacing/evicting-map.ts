interface EvictingMap<V> {
  readonly size: number;
  values(): Iterable<V>;
  /** The value under the key, if there is one. */
  peek(key: string): V | undefined;
  /** The value under the key, created if there is none. */
  get(key: string, now: number): V;
}

const checkedPerKey = 2;

/**
 * A map that evicts idle values without a timer: each new key checks the next two entries. It never holds more than about twice
 * the number of values in use.
 */
export function createEvictingMap<V>(
  create: (key: string) => V,
  isIdle: (value: V, now: number) => boolean,
): EvictingMap<V> {
  const values = new Map<string, V>();
  let round = values.entries();

  function evictIdle(now: number): void {
    for (let looked = 0; looked < checkedPerKey; looked += 1) {
      const next = round.next();
      if (next.done) round = values.entries();
      else if (isIdle(next.value[1], now)) values.delete(next.value[0]);
    }
  }

  return {
    get size() {
      return values.size;
    },
    values: () => values.values(),
    peek: (key) => values.get(key),
    get(key, now) {
      const known = values.get(key);
      if (known) return known;
      evictIdle(now);
      const value = create(key);
      values.set(key, value);
      return value;
    },
  };
}
