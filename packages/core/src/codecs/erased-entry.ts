import { erased, erasedContent } from "../domain/erased.ts";
import type { HistoryEntry } from "../ports/history.ts";
import type { StatusEvent } from "../domain/status-event.ts";

/** The id and the text of an outbox entry of an erased message, as a store keeps them, without the recipient. */
export function eraseOutboxRow([id, text]: readonly [id: string, entry: string]): readonly [id: string, entry: string] {
  return [id, eraseOutboxEntry(id.startsWith("status:") ? "status" : "history", text)];
}

export function eraseOutboxEntry(topic: "history" | "status", text: string): string {
  return JSON.stringify(topic === "history" ? historyEntry(JSON.parse(text)) : statusEvent(JSON.parse(text)));
}

function historyEntry({ whatsappMessageId: _, ...entry }: HistoryEntry): HistoryEntry {
  return { ...entry, to: erased, content: erasedContent(entry.content) };
}

function statusEvent({ whatsappMessageId: _, reference: __, failure, ...event }: StatusEvent): StatusEvent {
  const { advice: ___, ...rest } = failure ?? { details: erased };
  return { ...event, to: erased, ...(failure && { failure: { ...rest, details: erased } }) };
}
