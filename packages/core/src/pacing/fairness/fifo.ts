/** A queue: first in, first out. */
export interface Fifo<T> {
  readonly size: number;
  readonly first: T | undefined;
  /** Returns the item's place, for `remove`. */
  add(item: T): FifoPlace<T>;
  /** Removes the item, wherever it is by then. Removing it again changes nothing. */
  remove(place: FifoPlace<T>): void;
}

/** The place of an item in a queue: its links to the places before and after it, or to itself once it is removed. */
export interface FifoPlace<T> {
  readonly item?: T;
  before: FifoPlace<T>;
  after: FifoPlace<T>;
}

/** A linked list: removing an item costs the same anywhere in it. A `Set` that is emptied from its front is slower. */
export function createFifo<T>(): Fifo<T> {
  const ends = {} as FifoPlace<T>;
  ends.before = ends;
  ends.after = ends;
  let size = 0;

  return {
    get size() {
      return size;
    },
    get first() {
      return ends.after.item;
    },
    add(item) {
      const place: FifoPlace<T> = { item, before: ends.before, after: ends };
      ends.before.after = place;
      ends.before = place;
      size += 1;
      return place;
    },
    remove(place) {
      if (place.after === place) return;
      size -= 1;
      place.before.after = place.after;
      place.after.before = place.before;
      place.before = place;
      place.after = place;
    },
  };
}
