import type { Message } from "../../domain/message.ts";
import { statusOf } from "../../domain/status.ts";
import { acceptedAttempt } from "../../domain/visible-facts.ts";
import type { HistoryEntry } from "../../ports/history.ts";

/**
 * The history entries for a change of a message: one when it was sent, one for each later correction, and one for each request to tell
 * it anew.
 */
export function historyEntriesOf(before: Message, after: Message): readonly HistoryEntry[] {
  const isTold = before.told !== after.told || isToldAnew(before, after);
  return isTold ? [historyEntry(after, before.told !== undefined)] : [];
}

function isToldAnew({ historyReplays: earlier = [] }: Message, { historyReplays = [] }: Message): boolean {
  return historyReplays.length > earlier.length && historyReplays.at(-1)?.version !== undefined;
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
