import { readdir, readFile } from "node:fs/promises";

import { encodeHistoryEntry, encodeMessage } from "@message-sender/core";
import { exampleEntry, exampleMessage, exampleTime, withIntent } from "@message-sender/core/contracts";
import { expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { clock, openStore } from "../../test/stores.ts";

const postgres = usePostgres();

/** Brings a schema to where it was before some migration. */
async function migrateBefore(schema: string, name: string): Promise<void> {
  const folder = new URL("../../migrations/", import.meta.url);
  const earlier = (await readdir(folder)).toSorted().filter((file) => file < name);
  const texts = await Promise.all(earlier.map((file) => readFile(new URL(file, folder), "utf8")));
  await postgres.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema};
    CREATE TABLE migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
    INSERT INTO migrations (name) VALUES ${earlier.map((file) => `('${file}')`).join()};
    ${texts.join("\n")}`);
}

it("keeps what an earlier version wrote: messages, blocks, and entries that wait or are dead", async () => {
  const schema = postgres.freshSchema();
  await migrateBefore(schema, "0003");
  const key = { key: "order-42", fingerprint: "f" };
  const message = withIntent(exampleMessage({ key, acceptedAt: new Date(0) }));
  const block = { id: "block-1", tenantId: "tenant-1", granted: 5, expiresAt: exampleTime };
  const [waiting, dead, lineless] = ["1", "2", "3"].map((name) => exampleEntry({ conversationId: name }));
  const owner = crypto.randomUUID();
  await postgres.query(
    `INSERT INTO ${schema}.messages VALUES ($1, $2, 'tenant-1', 'order-42', 'f', 'block-1', true, false, $3, $4)`,
    [message.id, message.revision, owner, encodeMessage(message)],
  );
  await postgres.query(`INSERT INTO ${schema}.quota_blocks VALUES ('block-1', 'tenant-1', 5, $1, $2)`, [
    exampleTime,
    owner,
  ]);
  for (const conversation of ["1", "2"]) {
    await postgres.query(
      `INSERT INTO ${schema}.outbox_lines (tenant_id, conversation_id, due_at) VALUES ('tenant-1', $1, $2)`,
      [conversation, exampleTime],
    );
  }
  for (const [index, entry] of [waiting, dead, lineless].entries()) {
    if (!entry) continue;
    await postgres.query(
      `INSERT INTO ${schema}.outbox (id, line, entry, enqueued_at, dead) VALUES ($1, $2, $3, $4, $5)`,
      [`${entry.messageId}:${entry.version}`, index + 1, encodeHistoryEntry(entry), exampleTime, index > 0],
    );
  }
  await postgres.query(`DELETE FROM ${schema}.outbox_lines WHERE conversation_id = '2'`);

  const store = await openStore(postgres.url, schema);
  expect((await store.messages.find({ tenantId: "tenant-1", key: "order-42" }))._unsafeUnwrap()).toEqual(message);
  expect((await store.messages.overdue(9))._unsafeUnwrap()).toEqual([message]);
  expect((await store.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([{ block, used: 1, unfinished: 1 }]);
  await clock.advance(1000);
  const claim = async () => (await store.outbox.claim("history", { limit: 9, leaseMs: 60_000 }))._unsafeUnwrap();
  expect((await claim()).map(({ entry }) => entry)).toEqual([waiting]);
  expect((await store.outbox.revive("history"))._unsafeUnwrap()).toBe(2);
  expect((await claim()).map(({ entry }) => entry)).toEqual([dead, lineless]);
});

it("counts what was accepted before it kept when that was as accepted now", async () => {
  const schema = postgres.freshSchema();
  await migrateBefore(schema, "0003");
  const message = { ...exampleMessage(), conclusion: { as: "exhausted" as const, at: exampleTime } };
  await postgres.query(
    `INSERT INTO ${schema}.messages VALUES ($1, 1, 'tenant-1', NULL, NULL, 'block-1', false, true, $2, $3)`,
    [message.id, crypto.randomUUID(), encodeMessage(message)],
  );
  const store = await openStore(postgres.url, schema);
  const forgetBefore = async (ms: number) => {
    const at = new Date(ms);
    const before = { keys: at, messages: at, parkedStatuses: at, webhooks: at, recipients: at };
    return (await store.retention.forget(before, 9))._unsafeUnwrap();
  };
  expect(await forgetBefore(Date.now() - 60_000)).toBe(0);
  expect(await forgetBefore(Date.now() + 60_000)).toBe(1);
});
