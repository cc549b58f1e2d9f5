interface Memory<V> {
  readonly size: number;
  /** What is remembered under the key, made anew where there is nothing. */
  get(key: string, now: number): V;
}

const lookedAtOnce = 2;

/**
 * Forgets what is idle without a timer: whenever something new is remembered, the next two are looked at, so that it never
 * holds more than about twice as many as are not idle.
 */
export function createMemory<V>(create: (key: string) => V, isIdle: (value: V, now: number) => boolean): Memory<V> {
  const values = new Map<string, V>();
  let round = values.entries();

  function forgetIdle(now: number): void {
    for (let looked = 0; looked < lookedAtOnce; looked += 1) {
      const next = round.next();
      if (next.done) round = values.entries();
      else if (isIdle(next.value[1], now)) values.delete(next.value[0]);
    }
  }

  return {
    get size() {
      return values.size;
    },
    get(key, now) {
      const known = values.get(key);
      if (known) return known;
      forgetIdle(now);
      const value = create(key);
      values.set(key, value);
      return value;
    },
  };
}
