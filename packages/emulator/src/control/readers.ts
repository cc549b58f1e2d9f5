import { setBounded } from "../collections/bounded-map.ts";

/** Remembers which messages each reader has been given. */
export interface Readers {
  /** Without a name: nothing is remembered. */
  of(name: string | undefined): Set<number>;
  clear(): void;
}

const keptReaders = 1_000;

export function createReaders(): Readers {
  const known = new Map<string, Set<number>>();

  return {
    of(name) {
      if (name === undefined) return new Set();
      const read = known.get(name) ?? new Set();
      setBounded(known, name, read, keptReaders);
      return read;
    },
    clear: () => known.clear(),
  };
}
