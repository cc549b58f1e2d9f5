import { matchesFilter } from "../../domain/message-filter.ts";
import type { MessagePage, MessagePosition, MessageQuery } from "../../ports/store/message-store.ts";
import type { Documents, Document } from "./documents.ts";

/** One page of the documents, the newest first. */
export function pageOf(documents: Documents, { after, limit, ...filter }: MessageQuery): MessagePage {
  const found = [...documents.all()]
    .filter(({ message }) => matchesFilter(message, filter))
    .map((document) => ({ message: document.message, position: positionOf(document) }))
    .filter(({ position }) => !after || newestFirst(after, position) < 0)
    .toSorted((one, other) => newestFirst(one.position, other.position));
  const page = found.slice(0, limit);
  const next = found.length > limit ? page.at(-1)?.position : undefined;
  return { messages: page.map(({ message }) => message), ...(next && { next }) };
}

export function positionOf({ number, message }: Document): MessagePosition {
  return { acceptedAt: message.acceptedAt, number };
}

/** Negative if `one` comes before `other` in a list. */
function newestFirst(one: MessagePosition, other: MessagePosition): number {
  return other.acceptedAt.getTime() - one.acceptedAt.getTime() || other.number - one.number;
}
