/** First come, first served. */
export interface Queue<T> {
  readonly size: number;
  readonly first: T | undefined;
  /** Gives what takes the item out again, wherever it stands by then. Repeating that changes nothing. */
  add(item: T): () => void;
}

interface Link<T> {
  readonly item?: T;
  before: Link<T>;
  after: Link<T>;
}

/** A linked list: to leave costs the same wherever one stands, which it does not in a Set that is emptied from its front. */
export function createQueue<T>(): Queue<T> {
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
