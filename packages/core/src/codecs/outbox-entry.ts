import type { OutboxEntries, Topic } from "../ports/outbox.ts";
import type { ReceivedWebhook } from "../ports/webhook-inbox.ts";
import { decodeHistoryEntry } from "./history-entry.ts";

/** A webhook as JSON, for a store. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeWebhook({ id, receivedAt, body }: ReceivedWebhook): string {
  return JSON.stringify({ id, receivedAt, body });
}

/** The webhook that `encodeWebhook` was given, to the last code point and millisecond. */
export function decodeWebhook(text: string): ReceivedWebhook {
  const webhook = JSON.parse(text) as Omit<ReceivedWebhook, "receivedAt"> & { readonly receivedAt: string };
  return { ...webhook, receivedAt: new Date(webhook.receivedAt) };
}

const decoders: { readonly [T in Topic]: (text: string) => OutboxEntries[T] } = {
  history: decodeHistoryEntry,
  webhook: decodeWebhook,
};

/** What a topic's `encodeHistoryEntry` or `encodeWebhook` was given. */
export function decodeOutboxEntry<T extends Topic>(topic: T, text: string): OutboxEntries[T] {
  return decoders[topic](text);
}
