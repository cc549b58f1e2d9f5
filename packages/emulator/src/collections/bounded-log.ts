/** Keeps the newest entries only, so that memory stays flat in a long run. */
export interface BoundedLog<Entry> {
  add(entry: Entry): void;
  /** A copy, oldest first. */
  entries(): readonly Entry[];
  /** How many were added since the last `clear`, dropped ones included. */
  readonly count: number;
  clear(): void;
}

export function createBoundedLog<Entry>(keep: number): BoundedLog<Entry> {
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
