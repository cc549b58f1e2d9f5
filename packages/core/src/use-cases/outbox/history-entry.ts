import { decidingCopy } from "../../domain/copies.ts";
import type { Draft, Message } from "../../domain/message.ts";
import { statusOf } from "../../domain/status.ts";
import type { HistoryEntry } from "../../ports/history.ts";

/**
 * The history entry for a change of a message: there is one when it was sent, one for each later correction, and one for each request
 * to tell it anew.
 */
export function historyEntryOf(before: Message, after: Message): HistoryEntry | undefined {
  const isTold = before.told !== after.told || isToldAnew(before, after);
  return isTold ? historyEntry(after, before.told !== undefined) : undefined;
}

function isToldAnew({ historyReplays: earlier }: Message, { historyReplays }: Message): boolean {
  const isAsked = historyReplays !== undefined && historyReplays.length > (earlier?.length ?? 0);
  return isAsked && historyReplays.at(-1)?.version !== undefined;
}

function historyEntry(message: Message, correction: boolean): HistoryEntry {
  const { outlet, conversationId, to, content, traceparent } = message.request;
  const wamid = decidingCopy(message)?.wamid;
  const entry: Draft<HistoryEntry> = {
    messageId: message.id,
    version: message.version,
    correction,
    conversationId,
    outlet,
    to,
    content,
    status: statusOf(message),
  };
  if (wamid) entry.whatsappMessageId = wamid;
  if (message.sentAt) entry.sentAt = message.sentAt;
  if (traceparent) entry.traceparent = traceparent;
  return entry;
}
