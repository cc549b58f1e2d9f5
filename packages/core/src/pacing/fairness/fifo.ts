/** A queue: first in, first out. */
export interface Fifo<T> {
  readonly size: number;
  readonly first: T | undefined;
  /** Returns a function that removes the item, wherever it is by then. Calling it again changes nothing. */
  add(item: T): () => void;
}

interface Link<T> {
  readonly item?: T;
  before: Link<T>;
  after: Link<T>;
}

/** A linked list: removing an item costs the same anywhere in it. A `Set` that is emptied from its front is slower. */
export function createFifo<T>(): Fifo<T> {
  const ends = {} as Link<T>;
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
      const link: Link<T> = { item, before: ends.before, after: ends };
      ends.before.after = link;
      ends.before = link;
      size += 1;
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        size -= 1;
        link.before.after = link.after;
        link.after.before = link.before;
      };
    },
  };
}
