/** A priority queue: the lowest rank first, equal ranks in the order of their arrival. A change costs O(log n). */
export interface Heap<T> {
  readonly first: T | undefined;
  readonly size: number;
  /** Returns the item's place, for `remove`. */
  add(item: T, rank: number): HeapPlace<T>;
  /** Removes the item, wherever it is by then. Removing it again changes nothing. */
  remove(place: HeapPlace<T>): void;
}

/** The place of an item in a heap. It is data, since there may be ten thousand: a function that removes the item is twice as large. */
export interface HeapPlace<T> {
  readonly item: T;
  readonly rank: number;
  readonly order: number;
  /** -1 once it is removed. */
  index: number;
}

/** A binary heap whose entries know their index, so an entry can be removed from anywhere. */
export function createHeap<T>(): Heap<T> {
  const entries: HeapPlace<T>[] = [];
  let added = 0;

  function isBefore(one: HeapPlace<T>, other: HeapPlace<T>): boolean {
    return one.rank < other.rank || (one.rank === other.rank && one.order < other.order);
  }

  function put(entry: HeapPlace<T>, index: number): void {
    entries[index] = entry;
    entry.index = index;
  }

  function rise(entry: HeapPlace<T>): void {
    let { index } = entry;
    for (let above = entries[(index - 1) >> 1]; index > 0 && above && isBefore(entry, above);) {
      const next = above.index;
      put(above, index);
      index = next;
      above = entries[(index - 1) >> 1];
    }
    put(entry, index);
  }

  function sink(entry: HeapPlace<T>): void {
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

  function remove(entry: HeapPlace<T>): void {
    const { index } = entry;
    if (index < 0) return;
    entry.index = -1;
    const last = entries.pop();
    if (!last || last === entry) return;
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
      return entry;
    },
    remove,
  };
}
