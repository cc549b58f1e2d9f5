import type { MessageId } from "../content/identifiers.ts";
import type { Message } from "../domain/message.ts";
import { matchesFilter } from "../domain/message-filter.ts";
import type { MessagePage, MessagePosition, MessageQuery } from "../ports/store/message-store.ts";

/** The messages of a store in the order of a list. */
export interface InMemoryMessageList {
  /** Numbers a message that is new. */
  add(id: MessageId): void;
  forget(id: MessageId): void;
  page(query: MessageQuery): MessagePage;
  /** The messages in the order in which they were accepted. */
  all(): Iterable<{ readonly message: Message; readonly position: MessagePosition }>;
}

export function createInMemoryMessageList(documents: ReadonlyMap<MessageId, Message>): InMemoryMessageList {
  const numbers = new Map<MessageId, number>();
  let last = 0;

  function positionOf({ id, acceptedAt }: Message): MessagePosition {
    return { acceptedAt, number: numbers.get(id) ?? 0 };
  }

  return {
    add: (id) => void numbers.set(id, (last += 1)),
    forget: (id) => void numbers.delete(id),
    *all() {
      for (const message of documents.values()) yield { message, position: positionOf(message) };
    },
    page({ after, limit, ...filter }) {
      const found = [...documents.values()]
        .filter((message) => matchesFilter(message, filter))
        .map((message) => ({ message, position: positionOf(message) }))
        .filter(({ position }) => !after || newestFirst(after, position) < 0)
        .toSorted((one, other) => newestFirst(one.position, other.position));
      const page = found.slice(0, limit);
      const next = found.length > limit ? page.at(-1)?.position : undefined;
      return { messages: page.map(({ message }) => message), ...(next && { next }) };
    },
  };
}

/** Negative if `one` comes before `other` in a list. */
function newestFirst(one: MessagePosition, other: MessagePosition): number {
  return other.acceptedAt.getTime() - one.acceptedAt.getTime() || other.number - one.number;
}
