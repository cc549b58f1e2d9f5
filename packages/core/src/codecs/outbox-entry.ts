import type { OutboxEntries, Topic } from "../ports/outbox.ts";
import type { ReceivedWebhook } from "../ports/webhook-inbox.ts";
import { decodeHistoryEntry } from "./history-entry.ts";

/** Encodes a webhook as JSON for a store. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeWebhook({ id, receivedAt, phoneNumberId, body }: ReceivedWebhook): string {
  return JSON.stringify({ id, receivedAt, phoneNumberId, body });
}

/** Decodes what `encodeWebhook` returned, exact to the code point and millisecond. Throws for anything that is not JSON. */
export function decodeWebhook(text: string): ReceivedWebhook {
  const webhook = JSON.parse(text) as Omit<ReceivedWebhook, "receivedAt"> & { readonly receivedAt: string };
  return { ...webhook, receivedAt: new Date(webhook.receivedAt) };
}

const decoders: { readonly [T in Topic]: (text: string) => OutboxEntries[T] } = {
  history: decodeHistoryEntry,
  webhook: decodeWebhook,
};

/** Decodes an outbox entry, which `encodeHistoryEntry` or `encodeWebhook` encoded, by its topic. */
export function decodeOutboxEntry<T extends Topic>(topic: T, text: string): OutboxEntries[T] {
  return decoders[topic](text);
}
