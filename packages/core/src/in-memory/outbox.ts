import { okAsync } from "neverthrow";

import type { MessageId } from "../content/identifiers.ts";
import type { Clock } from "../ports/clock.ts";
import type { HistoryEntry } from "../ports/history.ts";
import type { ClaimedEntry, Outbox, OutboxEntries, Topic } from "../ports/outbox.ts";
import type { ReceivedWebhook } from "../ports/webhook-inbox.ts";
import { createOutboxQueues, type EntryState, type OutboxQueues } from "./outbox-queues.ts";

/** An outbox with the entries of a store's commits. */
export interface InMemoryOutbox extends Outbox {
  addHistory(entries: readonly HistoryEntry[]): void;
  /** Adds a webhook that is not in it, or revives it if it is dead. */
  enterWebhook(webhook: ReceivedWebhook): void;
  webhookState(webhookId: string): EntryState | undefined;
  /** Whether it holds a history entry of the message. */
  holds(messageId: MessageId): boolean;
}

/** One queue per conversation of a tenant, and one per webhook. */
export function createInMemoryOutbox(clock: Clock): InMemoryOutbox {
  const topics: { readonly [T in Topic]: OutboxQueues<OutboxEntries[T]> } = {
    history: createOutboxQueues(clock),
    webhook: createOutboxQueues(clock),
  };

  return {
    addHistory(entries) {
      for (const entry of entries) {
        const { messageId, version, outlet, conversationId } = entry;
        topics.history.add(`${outlet.tenantId} ${conversationId}`, `${messageId}:${version}`, entry);
      }
    },
    enterWebhook(webhook) {
      const id = `webhook:${webhook.id}`;
      if (topics.webhook.stateOf(id) === "dead") topics.webhook.revive(id);
      else topics.webhook.add(webhook.id, id, webhook);
    },
    webhookState: (webhookId) => topics.webhook.stateOf(`webhook:${webhookId}`),
    claim<T extends Topic>(topic: T, options: Parameters<Outbox["claim"]>[1]) {
      return okAsync(topics[topic].claim(options) as readonly ClaimedEntry<OutboxEntries[T]>[]);
    },
    settle(ids, as) {
      for (const id of ids) for (const queues of Object.values(topics)) queues.settle(id, as);
      return okAsync(undefined);
    },
    revive: (topic) => okAsync(topics[topic].revive()),
    holds: (messageId) => topics.history.some((entry) => entry.messageId === messageId),
  };
}
