/** One request as it came in, and how it ended. */
export interface RequestRecord {
  /** Milliseconds since the epoch, with fractions. */
  readonly at: number;
  /** When the answer was written or the connection was cut; absent while it is not. */
  readonly endedAt?: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The parsed JSON, or the text where it is not JSON; absent when it was not read. */
  readonly body?: unknown;
  /** Absent when no answer was given. */
  readonly status?: number;
  /** The id of the fault that the request met. */
  readonly fault?: string;
}

export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Keeps the newest entries only, so that a long run stays flat. */
export interface RequestLog<Entry> {
  add(entry: Entry): void;
  /** A copy, oldest first. */
  entries(): readonly Entry[];
  /** How many there were since the last `clear`, the dropped ones too. */
  readonly count: number;
  clear(): void;
}

export function createRequestLog<Entry>(keep: number): RequestLog<Entry> {
  const kept: Entry[] = [];
  let count = 0;

  return {
    add(entry) {
      count += 1;
      kept.push(entry);
      if (kept.length >= 2 * keep) kept.splice(0, kept.length - keep);
    },
    entries: () => kept.slice(-keep),
    get count() {
      return count;
    },
    clear() {
      count = 0;
      kept.length = 0;
    },
  };
}

/** Sets `key`, and drops the oldest entry when the map has become too large; says which. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, keep: number): V | undefined {
  map.set(key, value);
  if (map.size <= keep) return undefined;
  const [oldest] = map;
  if (!oldest) return undefined;
  map.delete(oldest[0]);
  return oldest[1];
}
