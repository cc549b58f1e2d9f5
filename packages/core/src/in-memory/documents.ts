import type { MessageId } from "../content/identifiers.ts";
import type { Message } from "../domain/message.ts";

/** A document with its number. Numbers count the messages as they are accepted. */
export interface NumberedDocument {
  readonly number: number;
  message: Message;
}

/** The documents of a store, in the order in which they were accepted. */
export interface Documents {
  readonly size: number;
  get(id: MessageId): Message | undefined;
  /** Numbers a document that is new; otherwise replaces it. Returns the document that it replaced. */
  set(message: Message): Message | undefined;
  delete(id: MessageId): void;
  values(): Iterable<Message>;
  numbered(): Iterable<NumberedDocument>;
}

/** One map for all of it: each lookup among 100,000 documents costs a cache miss. */
export function createDocuments(): Documents {
  const documents = new Map<MessageId, NumberedDocument>();
  let last = 0;

  return {
    get size() {
      return documents.size;
    },
    get: (id) => documents.get(id)?.message,
    set(message) {
      const known = documents.get(message.id);
      const before = known?.message;
      if (known) known.message = message;
      else documents.set(message.id, { number: (last += 1), message });
      return before;
    },
    delete: (id) => void documents.delete(id),
    *values() {
      for (const { message } of documents.values()) yield message;
    },
    numbered: () => documents.values(),
  };
}
