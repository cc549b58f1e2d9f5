import type { OutboxSettlement, ReceivedWebhook } from "@message-sender/core/adapter";
import * as fc from "fast-check";

import { texts } from "./message-moves.ts";
import { any, byId, move, pick } from "./world.ts";

const limit = 1000;
const topics = fc.constantFrom("history" as const, "webhook" as const, "status" as const);
const ways = fc.constantFrom<"delivered" | "dead" | "retry" | "untried">("delivered", "dead", "retry", "untried");

const claim = move("claim", { topic: topics }, async ({ both, claimed }, { topic }) => {
  const entries = await both(
    ({ outbox }) => outbox.claim(topic, { limit, leaseMs: 30_000 }),
    (list) => byId<{ readonly id: string }>(list),
  );
  claimed.push(...(entries ?? []).map(({ id }) => id));
});

const settle = move("settle", { entry: any, way: ways }, async ({ both, claimed, now }, { entry, way }) => {
  const id = pick(claimed, entry);
  if (id === undefined) return;
  const retryAt = new Date(now().getTime() + 5000);
  const as: OutboxSettlement = way === "retry" || way === "untried" ? { retryAt, untried: way === "untried" } : way;
  await both(({ outbox }) => outbox.settle([id], as));
});

const revive = move("revive", { topic: topics }, ({ both }, { topic }) => both(({ outbox }) => outbox.revive(topic)));

const discard = move("discard", { topic: topics }, ({ both }, { topic }) =>
  both(({ outbox }) => outbox.discard(topic)),
);

let webhookCount = 0;

/** A new id. The order of ids is not that of their arrival. */
function webhookId(): string {
  webhookCount += 1;
  return `webhook-${webhookCount % 7}-${webhookCount}`;
}

const add = move(
  "add webhooks",
  { known: any, body: texts, forward: fc.boolean() },
  async ({ both, now, webhooks }, { known, body, forward }) => {
    const webhook: ReceivedWebhook = { id: webhookId(), receivedAt: now(), body };
    const again = pick(webhooks, known) ?? webhook;
    webhooks.push(webhook);
    await both(({ webhookInbox }) => webhookInbox.add([{ ...again, body }, webhook, webhook], forward));
  },
);

export const latest = move("latest", {}, ({ both }) =>
  both(({ webhookInbox }) => webhookInbox.list({ limit, maxBytes: 1e9 })),
);

export const outboxMoves = [claim, claim, settle, settle, revive, discard, add, latest];
