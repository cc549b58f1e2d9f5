import type { Message } from "../../domain/message.ts";
import { statusOf } from "../../domain/status.ts";
import { acceptedAttempt } from "../../domain/visible-facts.ts";
import type { HistoryEntry } from "../../ports/history.ts";

/** The history entries for a change of a message: one when it was sent, and one for each later correction. */
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
