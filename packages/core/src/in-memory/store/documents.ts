import type { MessageId } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";

/** The place of a message in a store. Numbers count the messages as they are accepted. */
export interface Document {
  readonly number: number;
  message: Message;
}

/** The documents of a store, in the order in which they were accepted. */
export interface Documents {
  readonly size: number;
  get(id: MessageId): Document | undefined;
  add(message: Message): void;
  delete(id: MessageId): void;
  all(): Iterable<Document>;
}

/** One map for all of it: each lookup among 100,000 documents costs a cache miss. */
export function createDocuments(): Documents {
  const documents = new Map<MessageId, Document>();
  let last = 0;

  return {
    get size() {
      return documents.size;
    },
    get: (id) => documents.get(id),
    add: (message) => void documents.set(message.id, { number: (last += 1), message }),
    delete: (id) => void documents.delete(id),
    all: () => documents.values(),
  };
}
