import { okAsync } from "neverthrow";

import type { ReceivedWebhook, WebhookInbox } from "../ports/webhook-inbox.ts";
import type { InMemoryOutbox } from "./outbox.ts";

/** An inbox with its retention. */
export interface InMemoryInbox extends WebhookInbox {
  /** Forgets up to `limit` that were received before a time. Returns how many there were. */
  forget(before: Date, limit: number): number;
}

export function createInMemoryWebhookInbox(outbox: Pick<InMemoryOutbox, "addWebhook">): InMemoryInbox {
  const kept = new Map<string, ReceivedWebhook>();

  return {
    add(webhooks, forward) {
      for (const webhook of webhooks) {
        if (kept.has(webhook.id)) continue;
        kept.set(webhook.id, webhook);
        if (forward) outbox.addWebhook(webhook);
      }
      return okAsync(undefined);
    },
    latest: (limit) =>
      okAsync([...kept.values()].toSorted((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime()).slice(0, limit)),
    forget(before, limit) {
      const old = [...kept.values()].filter(({ receivedAt }) => receivedAt < before).slice(0, limit);
      for (const { id } of old) kept.delete(id);
      return old.length;
    },
  };
}
