import type { HistoryEntry } from "@message-sender/core/adapter";
import { exampleWebhook } from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { send, useProcesses } from "../../test/stores.ts";
import type { PostgresStore } from "../index.ts";

const postgres = usePostgres();
const { openTwo } = useProcesses(postgres);

describe("two processes on one database", () => {
  it("claim different entries, and never two of one conversation", async () => {
    const { first, second } = await openTwo();
    const conversations = Array.from({ length: 40 }, (_, index) => `conversation-${index}`);
    await Promise.all(
      [...conversations, ...conversations].map((name, index) => send(index % 2 ? first : second, name)),
    );
    const claims = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const { outbox } = index % 2 ? first : second;
        return (await outbox.claim("history", { limit: 3, leaseMs: 30_000 }))._unsafeUnwrap();
      }),
    );
    const claimed = claims.flat().map(({ entry }) => entry.conversationId);
    expect(claimed.toSorted()).toEqual(conversations.toSorted());
  });

  it("deliver each entry once while both add and deliver", async () => {
    const { first, second } = await openTwo();
    const delivered: HistoryEntry[] = [];
    let isSending = true;
    const deliver = async ({ outbox }: PostgresStore): Promise<void> => {
      for (;;) {
        const wasSending = isSending;
        const claimed = (await outbox.claim("history", { limit: 10, leaseMs: 30_000 }))._unsafeUnwrap();
        delivered.push(...claimed.map(({ entry }) => entry));
        const ids = claimed.map(({ id }) => id);
        (await outbox.settle(ids, "delivered"))._unsafeUnwrap();
        if (!wasSending && claimed.length === 0) return;
      }
    };
    const sending = Promise.all(
      Array.from({ length: 200 }, (_, index) => send(index % 2 ? first : second, `conversation-${index % 5}`)),
    ).then(() => (isSending = false));
    await Promise.all([sending, deliver(first), deliver(second)]);
    expect(new Set(delivered.map(({ messageId }) => messageId)).size).toBe(200);
    expect(delivered).toHaveLength(200);
  });

  it("store and forward a webhook once that both receive", async () => {
    const { first, second } = await openTwo();
    const webhooks = Array.from({ length: 100 }, () => exampleWebhook());
    await Promise.all([first.webhookInbox.add(webhooks, true), second.webhookInbox.add(webhooks.toReversed(), true)]);
    expect((await first.webhookInbox.list({ limit: 200, maxBytes: 1e9 }))._unsafeUnwrap().webhooks).toHaveLength(100);
    const options = { limit: 200, leaseMs: 1000 };
    expect((await second.outbox.claim("webhook", options))._unsafeUnwrap()).toHaveLength(100);
  });
});
