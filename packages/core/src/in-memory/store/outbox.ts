import { okAsync } from "neverthrow";

import { eraseOutboxEntry } from "../../codecs/erased-entry.ts";
import { decodeOutboxEntry, inOrderOfVersions } from "../../codecs/outbox-entry.ts";
import type { MessageId } from "../../content/identifiers.ts";
import type { Clock } from "../../ports/clock.ts";
import { eventIdOf } from "../../domain/status-event.ts";
import type {
  ClaimedEntry,
  EnteredClaimed,
  MessageTopic,
  NewOutboxEntry,
  Outbox,
  OutboxEntries,
  Topic,
  UndeliveredEntry,
} from "../../ports/store/outbox.ts";
import type { ReceivedWebhook } from "../../ports/webhook-forwarding.ts";
import { createLateDeliveries } from "./late-deliveries.ts";
import { createOutboxQueues, type EntryState, type OutboxQueues } from "./outbox-queues.ts";

/** An outbox with the entries of a store's commits. */
export interface InMemoryOutbox extends Outbox {
  /** Returns those that entered claimed. */
  add(entries: readonly NewOutboxEntry[]): readonly EnteredClaimed[];
  /** Adds a webhook that is not in it, or revives it if it is dead. */
  enterWebhook(webhook: ReceivedWebhook): void;
  webhookState(webhookId: string): EntryState | undefined;
  /** Forgets up to `limit` status events, as many webhooks, and deliveries, from before a time. Returns how many. */
  forgetOldEntries(before: Date, limit: number): number;
  /** What waits of a topic. */
  waiting(topic: Topic): ReturnType<OutboxQueues<unknown>["waiting"]>;
  /** Whether it holds a history entry of the message. */
  holds(messageId: MessageId): boolean;
  /** Removes the recipient from the entries of an erased message. */
  eraseEntriesOf(messageId: MessageId): void;
  /** Removes the webhooks with such a body. Returns their ids. */
  eraseWebhooks(matches: (body: string) => boolean): readonly string[];
}

type MessageEntry = OutboxEntries[MessageTopic];

const messageTopics: readonly MessageTopic[] = ["history", "status"];

function isOf(entry: OutboxEntries[Topic], messageId: MessageId): boolean {
  return "messageId" in entry && entry.messageId === messageId;
}

/** One queue per conversation of a tenant, one per message for its status events, and one per webhook. */
export function createInMemoryOutbox(clock: Clock): InMemoryOutbox {
  const late = createLateDeliveries(clock);
  const topics: { readonly [T in Topic]: OutboxQueues<OutboxEntries[T]> } = {
    history: createOutboxQueues(clock, (entry) => late.note("history", entry)),
    webhook: createOutboxQueues(clock),
    status: createOutboxQueues(clock, (entry) => late.note("status", entry)),
  };

  function addOne({ topic, entry, leaseMs }: NewOutboxEntry): EnteredClaimed | undefined {
    const { tenantId } = entry.outlet;
    const id = eventIdOf(entry);
    if (topic === "history") {
      const claimed = topics.history.add(`${tenantId} ${entry.conversationId}`, id, entry, leaseMs);
      return claimed && { ...claimed, topic };
    }
    const claimed = topics.status.add(`${tenantId} ${entry.messageId}`, `status:${id}`, entry, leaseMs);
    return claimed && { ...claimed, topic };
  }

  const allQueues = Object.values(topics);

  function leftOf(topic: MessageTopic, matches: (entry: MessageEntry) => boolean): readonly UndeliveredEntry[] {
    const queues: OutboxQueues<MessageEntry> = topics[topic];
    return queues.left(matches).map(({ entry: { messageId, version }, ...facts }) => ({
      topic,
      messageId,
      version,
      ...facts,
    }));
  }

  return {
    add: (entries) => entries.map(addOne).filter((claimed) => claimed !== undefined),
    enterWebhook(webhook) {
      const id = `webhook:${webhook.id}`;
      if (topics.webhook.stateOf(id) === "dead") topics.webhook.revive((_, dead) => dead === id);
      else topics.webhook.add(webhook.id, id, webhook);
    },
    webhookState: (webhookId) => topics.webhook.stateOf(`webhook:${webhookId}`),
    claim<T extends Topic>(topic: T, options: Parameters<Outbox["claim"]>[1]) {
      return okAsync(topics[topic].claim(options) as readonly ClaimedEntry<OutboxEntries[T]>[]);
    },
    settle(ids, as, why) {
      // An id waits in one topic at most: the others need not be asked.
      for (const id of ids) allQueues.some((queues) => queues.settle(id, as, why));
      return okAsync(undefined);
    },
    revive(topic, messageId) {
      const queues: OutboxQueues<OutboxEntries[Topic]> = topics[topic];
      return okAsync(queues.revive((entry) => messageId === undefined || isOf(entry, messageId)));
    },
    hasten(messageId) {
      topics.history.hasten((entry) => entry.messageId === messageId);
      return okAsync(undefined);
    },
    undelivered(messageId) {
      const left = messageTopics.flatMap((topic) => leftOf(topic, (entry) => entry.messageId === messageId));
      return okAsync(inOrderOfVersions(left));
    },
    delivered: (messageId) => okAsync(inOrderOfVersions(late.of(messageId))),
    listDead(topic, { tenantId, limit }) {
      const ofTenant = ({ outlet }: MessageEntry) => tenantId === undefined || outlet.tenantId === tenantId;
      const left = leftOf(topic, ofTenant);
      return okAsync(left.filter(({ state }) => state === "dead").slice(0, limit));
    },
    discard: (topic) => okAsync(topics[topic].discard()),
    forgetOldEntries: (before, limit) =>
      topics.status.forgetOld(before, limit) + topics.webhook.forgetOld(before, limit) + late.forget(before, limit),
    waiting: (topic) => topics[topic].waiting(),
    eraseEntriesOf(messageId) {
      for (const topic of ["history", "status"] as const) {
        const queues: OutboxQueues<{ readonly messageId: MessageId }> = topics[topic];
        queues.erase(
          (entry) => entry.messageId === messageId,
          (entry) => decodeOutboxEntry(topic, eraseOutboxEntry(topic, JSON.stringify(entry))) as typeof entry,
        );
      }
      late.erase(messageId);
    },
    eraseWebhooks: (matches) => topics.webhook.remove(({ body }) => matches(body)).map(({ id }) => id),
    holds: (messageId) => topics.history.some((entry) => entry.messageId === messageId),
  };
}
