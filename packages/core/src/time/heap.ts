/** A priority queue: the lowest rank first, equal ranks in the order of their arrival. A change costs O(log n). */
export interface Heap<T> {
  readonly first: T | undefined;
  readonly size: number;
  /** Returns a function that removes the item. Calling it again changes nothing. */
  add(item: T, rank: number): () => void;
}

interface Entry<T> {
  readonly item: T;
  readonly rank: number;
  readonly order: number;
  index: number;
}

/** A binary heap whose entries know their index, so an entry can be removed from anywhere. */
export function createHeap<T>(): Heap<T> {
  const entries: Entry<T>[] = [];
  let added = 0;

  function isBefore(one: Entry<T>, other: Entry<T>): boolean {
    return one.rank < other.rank || (one.rank === other.rank && one.order < other.order);
  }

  function put(entry: Entry<T>, index: number): void {
    entries[index] = entry;
    entry.index = index;
  }

  function rise(entry: Entry<T>): void {
    let { index } = entry;
    for (let above = entries[(index - 1) >> 1]; index > 0 && above && isBefore(entry, above);) {
      const next = above.index;
      put(above, index);
      index = next;
      above = entries[(index - 1) >> 1];
    }
    put(entry, index);
  }

  function sink(entry: Entry<T>): void {
    let { index } = entry;
    for (;;) {
      const [left, right] = [entries[2 * index + 1], entries[2 * index + 2]];
      const below = left && right && isBefore(right, left) ? right : left;
      if (!below || !isBefore(below, entry)) break;
      const next = below.index;
      put(below, index);
      index = next;
    }
    put(entry, index);
  }

  function remove({ index }: Entry<T>): void {
    const last = entries.pop();
    if (!last || last.index === index) return;
    put(last, index);
    rise(last);
    sink(last);
  }

  return {
    get first() {
      return entries[0]?.item;
    },
    get size() {
      return entries.length;
    },
    add(item, rank) {
      const entry = { item, rank, order: (added += 1), index: entries.length };
      entries.push(entry);
      rise(entry);
      let isIn = true;
      return () => {
        if (isIn) remove(entry);
        isIn = false;
      };
    },
  };
}
