import type { Message } from "@message-sender/core";
import type { RetentionLimits } from "@message-sender/core/adapter";
import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  withIntent,
  withOutcome,
  withReport,
} from "@message-sender/core/contracts";
import pg from "pg";
import { expect, it, onTestFinished, vi } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { clock, openStore, openTwoInNewSchema } from "../../test/stores.ts";
import { openPostgresStore, type PostgresStore } from "../index.ts";
import { idAt } from "./dated-id.ts";

const postgres = usePostgres();
const dayMs = 24 * 3_600_000;
const today = Math.floor(exampleTime.getTime() / dayMs) * dayMs;
const daily = { partitionDays: 1 };
let made = 0;

/** A message that is accepted so many days after today, with an id of that time. */
function messageOf(day: number, fields: Partial<Parameters<typeof exampleMessage>[0]> = {}): Message {
  const acceptedAt = new Date(today + day * dayMs + 1000);
  const id = `${idAt(acceptedAt.getTime())}-7000-8000-${String((made += 1)).padStart(12, "0")}`;
  return exampleMessage({ id, acceptedAt, ...fields });
}

/** It is sent, and its history entry waits. */
async function sendToday({ messages }: PostgresStore): Promise<void> {
  const intended = withIntent(messageOf(0));
  const sent = withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: `wamid.${intended.id}` });
  (await messages.accept(intended))._unsafeUnwrap();
  (await messages.commit({ next: sent, outbox: exampleEntries(intended, sent) }))._unsafeUnwrap();
}

/** It was sent, and nothing of it is in the outbox. */
function finished(day: number, fields: Partial<Parameters<typeof exampleMessage>[0]> = {}): Message {
  const intended = withIntent(messageOf(day, fields));
  return withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: `wamid.${intended.id}` });
}

async function accept({ messages }: PostgresStore, ...all: readonly Message[]): Promise<void> {
  for (const message of all) (await messages.accept(message))._unsafeUnwrap();
}

async function partitions(schema: string): Promise<string[]> {
  const rows = await postgres.query(`SELECT suffix FROM ${schema}.partitions ORDER BY starts_at`);
  return rows.map(({ suffix }) => String(suffix));
}

async function tableOf(schema: string, { id }: Message): Promise<string | undefined> {
  const rows = await postgres.query(`SELECT tableoid::regclass::text AS name FROM ${schema}.messages WHERE id = $1`, [
    id,
  ]);
  return rows[0] && String(rows[0]["name"]).replace(`${schema}.`, "");
}

async function forget(
  { retention }: PostgresStore,
  day: number,
  before: Partial<RetentionLimits> = {},
): Promise<number> {
  const never = new Date(0);
  const nothing = { keys: never, parkedStatuses: never, webhooks: never, recipients: never, outboxEntries: never };
  const limits = { ...nothing, messages: new Date(today + day * dayMs), ...before };
  return (await retention.forget(limits, 100))._unsafeUnwrap();
}

it("messages are in the partition of their day, which is made when it is needed, and the next one ahead", async () => {
  const { first, second, schema } = await openTwoInNewSchema(postgres, daily);
  const [old, now, other] = [messageOf(-3), messageOf(0), exampleMessage({ id: "my-own-id" })];
  const later = Array.from({ length: 20 }, () => messageOf(0));
  await accept(first, old, now, other);
  await Promise.all(later.map((message, index) => accept(index % 2 ? first : second, message)));
  await Promise.all([first.close(), second.close()]);
  expect(await partitions(schema)).toEqual(["20251118", "20251121", "20251122"]);
  expect(await tableOf(schema, old)).toBe("messages_20251118");
  for (const message of [now, ...later]) expect(await tableOf(schema, message)).toBe("messages_20251121");
  expect(await tableOf(schema, other)).toBe("messages_default");
});

it("what was accepted while its partition could not be made moves to it later, with its number", async () => {
  const schema = postgres.freshSchema();
  const store = await openStore(postgres.url, schema, daily);
  const reader = new pg.Client(postgres.url);
  onTestFinished(() => reader.end());
  await reader.connect();
  await reader.query(`BEGIN; SELECT FROM ${schema}.messages`);
  const [early, undated] = [finished(0), exampleMessage({ acceptedAt: exampleTime })];
  await accept(store, early, undated);
  expect(await partitions(schema)).toEqual([]);
  expect(await tableOf(schema, early)).toBe("messages_default");
  await reader.query("COMMIT");
  await store.close();

  const again = await openStore(postgres.url, schema, daily);
  const late = messageOf(0);
  await accept(again, late);
  for (const message of [early, late]) {
    expect(await tableOf(schema, message)).toBe("messages_20251121");
    expect((await again.messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
  }
  expect((await again.messages.find({ wamid: `wamid.${early.id}` }))._unsafeUnwrap()).toEqual(early);
  const numbers = await postgres.query(`SELECT id FROM ${schema}.messages ORDER BY number`);
  expect(numbers.map(({ id }) => id)).toEqual([early.id, undated.id, late.id]);
});

it("messages are found by their wamids in whatever partition they are", async () => {
  const store = await openStore(postgres.url, postgres.freshSchema(), daily);
  const all = [
    finished(-5),
    finished(0),
    finished(3),
    finished(0, { id: "my-own-id" }),
    finished(0, { id: "another" }),
  ];
  await accept(store, ...all);
  const found = await Promise.all(
    [...all, messageOf(0)].map(({ id }) => store.messages.find({ wamid: `wamid.${id}` })),
  );
  expect(found.map((one) => one._unsafeUnwrap())).toEqual([...all, undefined]);
});

it("the statuses of a message read no other partition than its own", async () => {
  const schema = postgres.freshSchema();
  const url = `${postgres.url}?application_name=${schema}`;
  const store = await openStore(url, schema, daily);
  const [old, sent] = [finished(-5), finished(0)];
  await accept(store, old, finished(-1), sent);
  await store.close();
  /** A connection reports its reads when it ends, which nobody waits for. */
  const reads = async () => {
    const open = "SELECT FROM pg_stat_activity WHERE application_name = $1";
    await expect.poll(() => postgres.query(open, [schema]), { timeout: 60_000 }).toEqual([]);
    const rows = await postgres.query(
      "SELECT relname AS name, idx_scan + seq_scan AS reads FROM pg_stat_user_tables WHERE schemaname = $1 AND relname ~ '_2025111|_default$' ORDER BY 1",
      [schema],
    );
    return rows.map(({ name, reads: of }) => `${String(name)}: ${String(of)}`);
  };
  const before = await reads();
  expect(before).toHaveLength(4);

  const again = await openStore(url, schema, daily);
  const found = (await again.messages.find({ wamid: `wamid.${sent.id}` }))._unsafeUnwrap() ?? sent;
  const next = { ...withReport(found, "delivered"), revision: found.revision + 1 };
  (await again.messages.commit({ next, isBystander: true }))._unsafeUnwrap();
  expect((await again.messages.find({ id: sent.id }))._unsafeUnwrap()).toEqual(next);
  await again.close();
  expect(await reads()).toEqual(before);
});

it.each([0, 1.5, 32])("a partition has no %s days", async (partitionDays) => {
  const opened = await openPostgresStore(postgres.url, { clock, schema: postgres.freshSchema(), partitionDays });
  expect(opened._unsafeUnwrapErr().reason).toContain("partitionDays must be a whole number from 1 to 31");
});

it("a partition is dropped once its day is past, and its keys are free", async () => {
  const { first, second, schema } = await openTwoInNewSchema(postgres, daily);
  const key = { key: "order-1", fingerprint: "f1" };
  const gone = [finished(0, { key }), ...Array.from({ length: 4 }, () => finished(0))];
  const kept = finished(1);
  await accept(first, ...gone, kept);
  expect(await forget(first, 0.9), "its last message may be kept until the next day begins").toBe(0);
  const dropped = await Promise.all([forget(first, 1), forget(second, 1)]);
  expect(dropped.toSorted()).toEqual([0, 5]);
  expect(await partitions(schema)).not.toContain("20251121");
  for (const { id } of gone) {
    expect((await second.messages.find({ id }))._unsafeUnwrap()).toBeUndefined();
    expect((await second.messages.find({ wamid: `wamid.${id}` }))._unsafeUnwrap()).toBeUndefined();
  }
  expect((await second.messages.find({ wamid: `wamid.${kept.id}` }))._unsafeUnwrap()).toEqual(kept);
  const anew = messageOf(1, { key: { ...key, fingerprint: "f2" } });
  expect((await second.messages.accept(anew))._unsafeUnwrap()).toEqual({ kind: "New" });
});

it.each<[string, (store: PostgresStore) => Promise<() => Promise<void>>]>([
  [
    "an unfinished message",
    async ({ messages }) => {
      const intended = withIntent(messageOf(0));
      (await messages.accept(intended))._unsafeUnwrap();
      const next = withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: "wamid.1" });
      return async () => void (await messages.commit({ next }))._unsafeUnwrap();
    },
  ],
  [
    "a message that waits in the queue",
    async ({ messages }) => {
      const queued = messageOf(0, { mode: "queued" });
      (await messages.accept(queued))._unsafeUnwrap();
      const conclusion = { as: "canceled", at: exampleTime } as const;
      const next = { ...queued, conclusion, revision: queued.revision + 1 };
      return async () => void (await messages.commit({ next }))._unsafeUnwrap();
    },
  ],
  [
    "a message of which the history is not told yet",
    async (store) => {
      const { outbox } = store;
      await sendToday(store);
      const claimed = (await outbox.claim("history", { limit: 9, leaseMs: 1000 }))._unsafeUnwrap();
      const ids = claimed.map(({ id }) => id);
      return async () => (await outbox.settle(ids, "delivered"))._unsafeUnwrap();
    },
  ],
  [
    "a message of which the history could not be told",
    async (store) => {
      const { outbox } = store;
      await sendToday(store);
      const claimed = (await outbox.claim("history", { limit: 9, leaseMs: 1000 }))._unsafeUnwrap();
      (
        await outbox.settle(
          claimed.map(({ id }) => id),
          "dead",
        )
      )._unsafeUnwrap();
      return async () => void (await outbox.discard("history"))._unsafeUnwrap();
    },
  ],
  [
    "a unit of an open quota block",
    async ({ messages, quotaLedger }) => {
      const block = { id: "block-9", tenantId: "tenant-1", granted: 5, expiresAt: exampleTime };
      (await quotaLedger.open(block, "request-9"))._unsafeUnwrap();
      (await messages.accept(finished(0, { quotaBlockId: block.id })))._unsafeUnwrap();
      return async () => (await quotaLedger.close(block))._unsafeUnwrap();
    },
  ],
  [
    "a message that is younger than its id",
    async (store) => {
      await accept(store, finished(0, { acceptedAt: new Date(today + 2 * dayMs) }));
      return async () => {};
    },
  ],
])("a partition stays while it holds %s", async (_, hold) => {
  const schema = postgres.freshSchema();
  const store = await openStore(postgres.url, schema, daily);
  const other = finished(0);
  await accept(store, other);
  const release = await hold(store);
  expect(await forget(store, 1)).toBe(0);
  expect(await partitions(schema)).toContain("20251121");
  expect((await store.retention.kept(new Date(today + dayMs), 9))._unsafeUnwrap(), "nothing to erase yet").toEqual([]);
  await release();
  await forget(store, 2.1);
  expect(await partitions(schema)).not.toContain("20251121");
});

it("of a partition that is held for a day beyond its time, the others are deleted one by one", async () => {
  const schema = postgres.freshSchema();
  const store = await openStore(postgres.url, schema, daily);
  const [held, other] = [withIntent(messageOf(0)), finished(0)];
  await accept(store, held, other);
  expect(await forget(store, 1.9)).toBe(0);
  expect(await forget(store, 2)).toBe(1);
  expect((await store.messages.find({ id: other.id }))._unsafeUnwrap()).toBeUndefined();
  expect((await store.messages.find({ id: held.id }))._unsafeUnwrap()).toEqual(held);
});

it("a drop waits for nobody for long: a transaction that reads messages lets it be tried again", async () => {
  const schema = postgres.freshSchema();
  const store = await openStore(postgres.url, schema, daily);
  await accept(store, finished(0));
  const reader = new pg.Client(postgres.url);
  onTestFinished(() => reader.end());
  await reader.connect();
  await reader.query(`BEGIN; SELECT FROM ${schema}.messages`);
  expect(await forget(store, 1)).toBe(0);
  await reader.query("COMMIT");
  expect(await forget(store, 1)).toBe(1);
});

it("a role that may only read and change rows makes and drops partitions", async () => {
  const schema = postgres.freshSchema();
  await (await openStore(postgres.url, schema, daily)).close();
  const user = `user_${schema}`;
  await postgres.query(`CREATE ROLE ${user} LOGIN PASSWORD 'password';
    GRANT USAGE ON SCHEMA ${schema} TO ${user};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${user}`);
  const url = new URL(postgres.url);
  url.username = user;
  const store = await openStore(url.href, schema, daily);
  await accept(store, finished(0), finished(1));
  await vi.waitFor(async () => expect(await partitions(schema)).toHaveLength(3), { timeout: 120_000 });
  expect(await forget(store, 1)).toBe(1);
  await store.close();
  await postgres.query(`DROP OWNED BY ${user}; DROP ROLE ${user}`);
});

it("the queue finds messages in whatever partition they are", async () => {
  const schema = postgres.freshSchema();
  const store = await openStore(postgres.url, schema, daily);
  const queued = (day: number, outletId: string) =>
    messageOf(day, { mode: "queued", outletId, acceptedAt: exampleTime });
  const all = [
    queued(-5, "a"),
    queued(0, "b"),
    queued(1, "c"),
    exampleMessage({ id: "000-own", mode: "queued", outletId: "e" }),
    exampleMessage({ mode: "queued", outletId: "d" }),
  ];
  for (const [index, message] of all.entries()) {
    await accept(store, message);
    const lines = (await store.queue.claim(10))._unsafeUnwrap();
    const heads = (await store.queue.heads(lines, 10))._unsafeUnwrap();
    expect(heads.map(({ id }) => id)).toContain(message.id);
    (await store.queue.release(lines))._unsafeUnwrap();
    expect((await store.queue.depth("tenant-1", 10))._unsafeUnwrap()).toBe(index + 1);
  }
});
