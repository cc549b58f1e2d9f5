import {
  exampleMessage,
  exampleOutcomes,
  exampleStatusUpdate,
  exampleWebhook,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { usePostgres } from "../../../tests/support/postgres.ts";
import { openStore, overdueIds, send, useStore } from "../test/stores.ts";

const postgres = usePostgres();
const shared = useStore(postgres);
const unavailable = { kind: "Unavailable", reason: "stored data is damaged" };
const everything = { limit: 100, leaseMs: 1000 };

async function setUp() {
  const schema = postgres.freshSchema();
  const store = await openStore(postgres.url, schema);
  return { schema, store, damage: (sql: string, ...values: unknown[]) => postgres.query(sql, values) };
}

describe("a damaged document", () => {
  it.each(["", "{", "null", "{}", '{"policy":{},"attempts":[],"request":{"outlet":{}}}'])(
    "%j is unavailable however it is looked up, and fails no other message of the batch",
    async (document) => {
      const store = shared();
      const key = { key: crypto.randomUUID(), fingerprint: "f1" };
      const [message, other] = [exampleMessage({ key }), exampleMessage()];
      const wamid = `wamid.${message.id}`;
      const sent = withOutcome(withIntent(message), { ...exampleOutcomes.Accepted, wamid });
      for (const one of [message, other]) (await store.messages.accept(one))._unsafeUnwrap();
      (await store.messages.commit({ next: { ...sent, revision: 2 } }))._unsafeUnwrap();
      await postgres.query("UPDATE message_sender.messages SET document = $1 WHERE id = $2", [document, message.id]);

      const { id } = message;
      for (const by of [{ id }, { wamid }, { tenantId: "tenant-1", key: key.key }]) {
        expect((await store.messages.find(by))._unsafeUnwrapErr()).toEqual(unavailable);
      }
      const [accepted, committed, beside, fresh] = await Promise.all([
        store.messages.accept(exampleMessage({ key })),
        store.messages.commit({ next: { ...sent, revision: 2 } }),
        store.messages.commit({ next: { ...withIntent(other), revision: 2 } }),
        store.messages.accept(exampleMessage()),
      ]);
      expect([accepted._unsafeUnwrapErr(), committed._unsafeUnwrapErr()]).toEqual([unavailable, unavailable]);
      expect([beside._unsafeUnwrap().applied, fresh._unsafeUnwrap()]).toEqual([true, { kind: "New" }]);
    },
  );

  it("blocks neither the queue nor recovery nor retention", async () => {
    const { store, schema, damage } = await setUp();
    const messages = ["queued", "queued", "waiting", "waiting"].map((mode) =>
      exampleMessage({ mode: mode as "queued" | "waiting" }),
    );
    for (const message of messages) (await store.messages.accept(message))._unsafeUnwrap();
    await store.close();
    const next = await openStore(postgres.url, schema);
    const [queued, , left] = messages.map(({ id }) => id);
    await damage(`UPDATE ${schema}.messages SET document = '{' WHERE id = ANY ($1)`, [queued, left]);
    // What is behind it on its line, to the same recipient, is due in the next round.
    const lines = (await next.queue.claim(10))._unsafeUnwrap();
    expect((await next.queue.heads(lines, 10))._unsafeUnwrapErr()).toEqual(unavailable);
    expect((await next.queue.heads(lines, 10))._unsafeUnwrap()).toEqual([messages[1]]);
    expect(await overdueIds(next.messages)).toEqual([messages[3]?.id]);
    await damage(`DELETE FROM ${schema}.messages WHERE id = ANY ($1)`, [messages[1]?.id, messages[3]?.id]);
    await damage(`UPDATE ${schema}.messages SET finished = true, open = false, due_at = NULL, keeps_unit = false`);
    const always = new Date("2100-01-01");
    const limits = {
      keys: always,
      messages: always,
      parkedStatuses: always,
      webhooks: always,
      recipients: always,
      outboxEntries: always,
    };
    expect((await next.retention.forget(limits, 100))._unsafeUnwrap()).toBe(2);
  });
});

describe("a damaged entry", () => {
  it("blocks no other entry of the outbox", async () => {
    const { store, schema, damage } = await setUp();
    for (const conversation of ["c1", "c2"]) await send(store, conversation);
    await damage(`UPDATE ${schema}.outbox SET entry = '{' WHERE id = (SELECT min(id) FROM ${schema}.outbox)`);
    expect((await store.outbox.claim("history", everything))._unsafeUnwrap()).toHaveLength(1);
  });

  it("blocks no other webhook of the inbox, and no other parked status", async () => {
    const { store, schema, damage } = await setUp();
    const webhooks = [exampleWebhook(), exampleWebhook()];
    (await store.webhookInbox.add(webhooks, false))._unsafeUnwrap();
    (await store.messages.accept(withOutcome(withIntent(exampleMessage()), exampleOutcomes.Accepted)))._unsafeUnwrap();
    const updates = [exampleStatusUpdate({ status: "sent" }), exampleStatusUpdate({ status: "read" })];
    (await store.parkedStatuses.park(updates))._unsafeUnwrap();
    await damage(`UPDATE ${schema}.webhooks SET webhook = '{' WHERE id = $1`, webhooks[0]?.id);
    await damage(`UPDATE ${schema}.parked_statuses SET status_update = '{' WHERE status_update LIKE '%"read"%'`);
    expect((await store.webhookInbox.list({ limit: 10, maxBytes: 1e9 }))._unsafeUnwrap().webhooks).toEqual([
      webhooks[1],
    ]);
    expect((await store.parkedStatuses.matched(10))._unsafeUnwrap()).toEqual([updates[0]]);
  });
});
