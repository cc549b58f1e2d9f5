import type { Message } from "../../domain/message.ts";
import { acceptedAttempt, statusOf } from "../../domain/status.ts";
import type { HistoryEntry } from "../../ports/history.ts";

/**
 * What the conversation's history must be told of a change: that a message was sent, and each time that this proves wrong,
 * unknown, or right after all.
 */
export function historyEntriesOf(before: Message, after: Message): readonly HistoryEntry[] {
  return before.told === after.told ? [] : [historyEntry(after, before.told !== undefined)];
}

function historyEntry(message: Message, correction: boolean): HistoryEntry {
  const { outlet, conversationId, to, content, traceparent } = message.request;
  const wamid = acceptedAttempt(message)?.wamid;
  return {
    messageId: message.id,
    version: message.version,
    correction,
    conversationId,
    outlet,
    to,
    content,
    status: statusOf(message),
    ...(wamid && { whatsappMessageId: wamid }),
    ...(message.sentAt && { sentAt: message.sentAt }),
    ...(traceparent && { traceparent }),
  };
}

/** An entry as JSON, for a store. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeHistoryEntry(entry: HistoryEntry): string {
  return JSON.stringify(entry);
}

/** The entry that `encodeHistoryEntry` was given, to the last code point and millisecond. */
export function decodeHistoryEntry(text: string): HistoryEntry {
  const { sentAt, ...rest } = JSON.parse(text) as Omit<HistoryEntry, "sentAt"> & { readonly sentAt?: string };
  return { ...rest, ...(sentAt !== undefined && { sentAt: new Date(sentAt) }) };
}
