import type { OutboxSettlement, ReceivedWebhook } from "@message-sender/core/adapter";
import * as fc from "fast-check";

import { texts } from "./message-moves.ts";
import { any, byId, few, move, pick } from "./world.ts";

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

const whys = fc.constantFrom(undefined, "no answer", `refused: "400" é👩`);
const settle = move(
  "settle",
  { entry: any, way: ways, why: whys },
  async ({ both, claimed, now }, { entry, way, why }) => {
    const id = pick(claimed, entry);
    if (id === undefined) return;
    const retryAt = new Date(now().getTime() + 5000);
    const as: OutboxSettlement = way === "retry" || way === "untried" ? { retryAt, untried: way === "untried" } : way;
    await both(({ outbox }) => outbox.settle([id], as, why));
  },
);

const revive = move("revive", { topic: topics }, ({ both }, { topic }) => both(({ outbox }) => outbox.revive(topic)));

const reviveOne = move(
  "revive one",
  { topic: topics, message: any },
  async ({ accepted, both }, { topic, message }) => {
    const of = pick(accepted, message);
    if (of) await both(({ outbox }) => outbox.revive(topic, of.id));
  },
);

const hasten = move("hasten", { message: any }, async ({ accepted, both }, { message }) => {
  const of = pick(accepted, message);
  if (of) await both(({ outbox }) => outbox.hasten(of.id));
});

const undelivered = move("undelivered", { message: any }, async ({ accepted, both }, { message }) => {
  const of = pick(accepted, message);
  if (of) await both(({ outbox }) => outbox.undelivered(of.id));
});

const listDead = move(
  "list dead",
  { topic: fc.constantFrom("history" as const, "status" as const), tenant: fc.option(few), limit: few },
  async ({ both }, { topic, tenant, limit: most }) => {
    const query = { limit: most + 1, ...(tenant !== null && { tenantId: `tenant-${tenant}` }) };
    await both(({ outbox }) => outbox.listDead(topic, query));
  },
);

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

export const outboxMoves = [
  claim,
  claim,
  settle,
  settle,
  revive,
  reviveOne,
  hasten,
  discard,
  add,
  latest,
  undelivered,
  undelivered,
  listDead,
];
