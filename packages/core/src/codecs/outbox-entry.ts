import { eventIdOf } from "../domain/status-event.ts";
import type { MessageId } from "../content/identifiers.ts";
import type {
  EnteredClaimed,
  MessageTopic,
  NewOutboxEntry,
  OutboxEntries,
  Topic,
  UndeliveredEntry,
} from "../ports/store/outbox.ts";
import type { ReceivedWebhook } from "../ports/webhook-forwarding.ts";
import { decodeHistoryEntry, encodeHistoryEntry } from "./history-entry.ts";
import { decodeStatusEvent, encodeStatusEvent } from "./status-event.ts";

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
  status: decodeStatusEvent,
};

/** All topics. */
export const topics: readonly Topic[] = Object.keys(decoders) as Topic[];

/** Decodes an outbox entry, which `outboxRowOf` or `encodeWebhook` encoded, by its topic. */
export function decodeOutboxEntry<T extends Topic>(topic: T, text: string): OutboxEntries[T] {
  return decoders[topic](text);
}

/** How a store keeps an entry. */
export interface OutboxRow {
  /** Unique among the entries of all topics. */
  readonly id: string;
  readonly topic: Topic;
  readonly tenantId: string;
  /** The entries of one topic, tenant and queue are delivered in order. */
  readonly queue: string;
  readonly entry: string;
}

/** The row of an entry: the history has a queue for each conversation, and status events have one for each message. */
export function outboxRowOf({ topic, entry }: NewOutboxEntry): OutboxRow {
  const { outlet } = entry;
  return topic === "history"
    ? {
        id: eventIdOf(entry),
        topic,
        tenantId: outlet.tenantId,
        queue: entry.conversationId,
        entry: encodeHistoryEntry(entry),
      }
    : {
        id: `status:${eventIdOf(entry)}`,
        topic,
        tenantId: outlet.tenantId,
        queue: entry.messageId,
        entry: encodeStatusEvent(entry),
      };
}

/** What a commit returns for an entry that entered claimed. */
export function enteredClaimed({ leaseMs: _, ...added }: NewOutboxEntry, id: string, enqueuedAt: Date): EnteredClaimed {
  return { ...added, id, enqueuedAt, earlierClaims: 0 };
}

/** What the ids of a message's entries of a topic begin with. What follows has no colon. A webhook has no message. */
export function outboxPrefixOf(topic: Topic, messageId: MessageId): string {
  return topic === "history" ? `${messageId}:` : `${topic}:${messageId}:`;
}

/** What the id of an entry of a message says: its topic, the message, and the version. */
export function partsOfOutboxId(id: string): Pick<UndeliveredEntry, "topic" | "messageId" | "version"> {
  const colon = id.lastIndexOf(":");
  const topic: MessageTopic = id.startsWith("status:") ? "status" : "history";
  const messageId = id.slice(topic === "status" ? "status:".length : 0, colon);
  return { topic, messageId, version: Number(id.slice(colon + 1)) };
}

/** The entries of a message as `Outbox.undelivered` returns them. */
export function inOrderOfVersions<Entry extends Pick<UndeliveredEntry, "topic" | "version">>(
  entries: readonly Entry[],
): readonly Entry[] {
  return entries.toSorted((one, other) =>
    one.topic === other.topic ? one.version - other.version : one.topic === "history" ? -1 : 1,
  );
}
