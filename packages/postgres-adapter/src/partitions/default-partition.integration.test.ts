import { exampleMessage, exampleOutcomes, exampleTime, withIntent, withOutcome } from "@message-sender/core/contracts";
import type { Message } from "@message-sender/core";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { openStore } from "../../test/stores.ts";
import { idAt } from "./dated-id.ts";

const postgres = usePostgres();
const dayMs = 24 * 3_600_000;
const today = Math.floor(exampleTime.getTime() / dayMs) * dayMs;
const daily = { partitionDays: 1 };
let made = 0;

function sent(day: number, id?: string): Message {
  const acceptedAt = new Date(today + day * dayMs + 1000);
  const dated = `${idAt(acceptedAt.getTime())}-7000-8000-${String((made += 1)).padStart(12, "0")}`;
  const intended = withIntent(exampleMessage({ id: id ?? dated, acceptedAt }));
  return withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: `wamid.${intended.id}` });
}

/** A store as an older version left it: all messages are in the default partition, which is so large that no partition is made. */
async function largeStore(messages: readonly Message[]): Promise<string> {
  const schema = postgres.freshSchema();
  const store = await openStore(postgres.url, schema, daily);
  await postgres.query(`CREATE OR REPLACE FUNCTION ${schema}.default_partition_is_large() RETURNS boolean LANGUAGE sql
    AS $$ SELECT EXISTS (SELECT FROM ${schema}.messages_default) OR NOT EXISTS (SELECT FROM ${schema}.messages) $$`);
  await postgres.query(
    `ALTER FUNCTION ${schema}.constrain_default_partition RENAME TO constrain_default_partition_later`,
  );
  for (const message of messages) (await store.messages.accept(message))._unsafeUnwrap();
  await store.close();
  await postgres.query(
    `ALTER FUNCTION ${schema}.constrain_default_partition_later RENAME TO constrain_default_partition`,
  );
  expect(await suffixes(schema)).toEqual([]);
  return schema;
}

async function suffixes(schema: string): Promise<string[]> {
  const rows = await postgres.query(`SELECT suffix FROM ${schema}.partitions ORDER BY starts_at`);
  return rows.map(({ suffix }) => String(suffix));
}

async function tableOf(schema: string, { id }: Message): Promise<string> {
  const [row] = await postgres.query(`SELECT tableoid::regclass::text AS name FROM ${schema}.messages WHERE id = $1`, [
    id,
  ]);
  return String(row?.["name"]).replace(`${schema}.`, "");
}

it("a large default partition becomes the first partition, and later messages have partitions of their own", async () => {
  const [old, older] = [sent(0), sent(-40)];
  const schema = await largeStore([older, old]);
  const store = await openStore(postgres.url, schema, daily);
  const now = sent(0);
  (await store.messages.accept(now))._unsafeUnwrap();
  await expect.poll(() => suffixes(schema), { timeout: 60_000 }).toEqual(["before_20251123"]);

  const [tomorrow, later] = [sent(1), sent(2)];
  for (const message of [tomorrow, later]) (await store.messages.accept(message))._unsafeUnwrap();
  await expect.poll(() => suffixes(schema), { timeout: 60_000 }).toEqual(["before_20251123", "20251123", "20251124"]);
  for (const message of [older, old, now, tomorrow])
    expect(await tableOf(schema, message)).toBe("messages_before_20251123");
  expect(await tableOf(schema, later)).toBe("messages_20251123");
  for (const message of [older, old, now, tomorrow, later]) {
    expect((await store.messages.find({ wamid: `wamid.${message.id}` }))._unsafeUnwrap()).toEqual(message);
  }
  const own = sent(0, "my-own-id");
  (await store.messages.accept(own))._unsafeUnwrap();
  expect(await tableOf(schema, own)).toBe("messages_default");

  // Of the first partition, whose end is not past, messages are still forgotten one by one.
  const never = new Date(0);
  const others = { keys: never, parkedStatuses: never, webhooks: never, recipients: never, outboxEntries: never };
  const forget = async (day: number) =>
    (await store.retention.forget({ ...others, messages: new Date(today + day * dayMs) }, 100))._unsafeUnwrap();
  expect(await forget(-30)).toBe(1);
  expect((await store.messages.find({ id: older.id }))._unsafeUnwrap()).toBeUndefined();
  expect(await forget(2)).toBe(4);
  expect(await forget(2)).toBe(0);
  expect(await suffixes(schema)).toEqual(["20251123", "20251124"]);
});

it("nothing is looked through while others wait", async () => {
  const schema = await largeStore([sent(0)]);
  const client = new pg.Client(postgres.url);
  onTestFinished(() => client.end());
  await client.connect();
  const notices: string[] = [];
  client.on("notice", ({ message = "" }) => notices.push(message));
  await client.query(`SET client_min_messages = debug1; SET search_path = ${schema}`);
  await client.query("SELECT constrain_default_partition($1, 1)", [exampleTime]);
  await client.query("SELECT validate_default_partition()");
  notices.length = 0;
  await client.query("SELECT attach_default_partition()");
  for (const table of ["messages_before_20251123", "wamids_before_20251123"]) {
    expect(notices).toContain(`partition constraint for table "${table}" is implied by existing constraints`);
  }
});

it("a large default partition with ids of another kind stays as it is", async () => {
  const schema = await largeStore([sent(0), sent(0, "my-own-id")]);
  const store = await openStore(postgres.url, schema, daily);
  const now = sent(0);
  (await store.messages.accept(now))._unsafeUnwrap();
  await store.close();
  expect(await tableOf(schema, now)).toBe("messages_default");
  expect(await postgres.query(`SELECT FROM ${schema}.default_partition_bound`)).toEqual([]);
});

it("a bound whose time has come while nothing ran is taken back, before a message would be refused", async () => {
  const schema = await largeStore([sent(-9)]);
  await postgres.query(
    `ALTER FUNCTION ${schema}.validate_default_partition RENAME TO validate_default_partition_later`,
  );
  const store = await openStore(postgres.url, schema, daily);
  await postgres.query(
    `SET search_path = ${schema}; SELECT constrain_default_partition($$${new Date(today - 5 * dayMs).toISOString()}$$, 1); RESET search_path`,
  );
  const now = sent(0);
  (await store.messages.accept(now))._unsafeUnwrap();
  expect(await tableOf(schema, now)).toBe("messages_default");
  const [bound] = await postgres.query(`SELECT ends_at FROM ${schema}.default_partition_bound`);
  expect(bound?.["ends_at"]).toEqual(new Date(today + 2 * dayMs));
});
