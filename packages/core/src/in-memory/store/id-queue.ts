import type { MessageId } from "../../content/identifiers.ts";

/** Ids in the order in which they were added. */
export interface IdQueue {
  add(id: MessageId): void;
  /** Removes the id that was added first. */
  take(): MessageId | undefined;
}

/** Both operations take constant time: the first entry of a `Map` is found only after all those that were deleted before it. */
export function createIdQueue(): IdQueue {
  let ids: MessageId[] = [];
  let first = 0;
  return {
    add: (id) => void ids.push(id),
    take() {
      const id = ids[first];
      if (id === undefined) return undefined;
      first += 1;
      if (first > ids.length / 2) {
        ids = ids.slice(first);
        first = 0;
      }
      return id;
    },
  };
}
