import type { Message } from "@message-sender/core";
import { encodeMessage, queueDueAt } from "@message-sender/core/adapter";
import { openPostgresStore, type PostgresStore } from "@message-sender/postgres-adapter";
import { exampleMessage, withIntent } from "@message-sender/core/contracts";
import { describe, expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { startPooler } from "../../test/pooler.ts";
import { clock, openStore, send } from "../../test/stores.ts";
import { readRelease } from "./release.ts";

const postgres = usePostgres();
const { migrations } = readRelease();

async function refusal(schema: string, url = postgres.url): Promise<string> {
  return (await openPostgresStore(url, { clock, schema }))._unsafeUnwrapErr().reason.replaceAll(schema, "SCHEMA");
}

async function applied(schema: string): Promise<unknown> {
  const rows = await postgres.query(`SELECT number FROM ${schema}.migrations ORDER BY number`);
  return rows.map(({ number }) => number);
}

/** A store as an older version left it: with the first migrations alone, and with these messages. */
async function olderStore(schema: string, last: number, messages: readonly Message[]): Promise<void> {
  const older = migrations.filter(({ number }) => number <= last);
  await postgres.query(
    [`CREATE SCHEMA ${schema}; SET search_path = ${schema}`, ...older.map(({ sql }) => sql), "RESET search_path"].join(
      ";",
    ),
  );
  for (const { number, name, checksum } of older) {
    await postgres.query(`INSERT INTO ${schema}.migrations VALUES ($1, $2, $3, 'of an older version')`, [
      number,
      name,
      checksum,
    ]);
  }
  for (const { id, request, acceptedAt, ...rest } of messages) {
    const message = { id, request, acceptedAt, ...rest };
    const values = [
      id,
      request.outlet.tenantId,
      request.outlet.outletId,
      acceptedAt,
      queueDueAt(message),
      encodeMessage(message),
    ];
    await postgres.query(
      `INSERT INTO ${schema}.messages (id, revision, tenant_id, outlet_id, conversation_id, recipient, type, accepted_at, status,
         needs_attention, quota_block_id, keeps_unit, finished, owner, due_at, document)
       VALUES ($1, 1, $2, $3, 'c', '+62812', 'text', $4, 'queued', false, 'b', true, false, gen_random_uuid(), $5, $6)`,
      values,
    );
  }
}

describe("opening a store", () => {
  it.each([
    ["directly", async () => postgres.url],
    [
      "behind a pooler in transaction mode",
      async () => {
        const pooler = await startPooler(postgres.url);
        onTestFinished(pooler.close);
        return pooler.url;
      },
    ],
  ])("applies each migration once, of many that open it at once, %s", async (_, urlOf) => {
    const url = await urlOf();
    for (let round = 0; round < 3; round += 1) {
      const schema = postgres.freshSchema();
      const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(url, schema)));
      expect(await applied(schema)).toEqual(migrations.map(({ number }) => number));
      await Promise.all(stores.map((store, index) => send(store, `conversation-${index}`)));
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  it("leaves an up-to-date store's tables and functions alone", async () => {
    const schema = postgres.freshSchema();
    await (await openStore(postgres.url, schema)).close();
    // Each row of these catalogs has the id of the transaction that wrote it.
    const catalogs = () =>
      postgres.query(
        `SELECT p.xmin::text FROM pg_proc p WHERE pronamespace = to_regnamespace($1)
         UNION ALL SELECT c.xmin::text FROM pg_class c WHERE relnamespace = to_regnamespace($1) AND relkind = 'r'`,
        [schema],
      );
    const before = await catalogs();
    await openStore(postgres.url, schema);
    expect(await catalogs()).toEqual(before);
  });

  it("applies the migrations that an older store lacks, and replaces its functions", async () => {
    const schema = postgres.freshSchema();
    const message = withIntent(exampleMessage());
    await olderStore(schema, 7, [message]);
    await postgres.query(`CREATE FUNCTION ${schema}.beat(process uuid) RETURNS void LANGUAGE sql AS 'SELECT'`);
    const store = await openStore(postgres.url, schema);
    expect(await applied(schema)).toEqual(migrations.map(({ number }) => number));
    expect((await store.messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
    expect(await postgres.query(`SELECT FROM ${schema}.processes`)).toHaveLength(1);
  });

  it("gives the messages that an older store had queued their lines", async () => {
    const schema = postgres.freshSchema();
    const queued = (outletId: string) => exampleMessage({ mode: "queued", outletId });
    const [first, second, other, inFlight] = [queued("a"), queued("a"), queued("b"), withIntent(queued("c"))];
    await olderStore(schema, 8, [withIntent(exampleMessage()), first, second, other, inFlight]);
    const { queue } = await openStore(postgres.url, schema);
    const lines = (await queue.claim(10))._unsafeUnwrap();
    expect(lines.map(({ outletId }) => outletId).toSorted()).toEqual(["a", "b"]);
    const heads = (await queue.heads(lines, 10))._unsafeUnwrap();
    expect(heads.map(({ id }) => id).toSorted()).toEqual([first.id, other.id]);
    expect((await queue.depth("tenant-1", 10))._unsafeUnwrap()).toBe(4);
  });

  it("keeps the idempotency keys that are in use in an older store, and frees none that was freed", async () => {
    const schema = postgres.freshSchema();
    const key = (name: string) => ({ key: name, fingerprint: "f1" });
    const [used, freed] = [exampleMessage({ key: key("order-1") }), exampleMessage({ key: key("order-2") })];
    await olderStore(schema, 11, [used, freed]);
    await postgres.query(
      `UPDATE ${schema}.messages SET idempotency_key = 'order-1', fingerprint = 'f1' WHERE id = '${used.id}'`,
    );
    const { messages } = await openStore(postgres.url, schema);
    const accepted = async (name: string, fingerprint = "f1") =>
      (await messages.accept(exampleMessage({ key: { key: name, fingerprint } })))._unsafeUnwrap();
    expect(await accepted("order-1")).toEqual({ kind: "Known", message: used });
    expect(await accepted("order-1", "f2")).toEqual({ kind: "KeyReused" });
    expect(await accepted("order-2")).toEqual({ kind: "New" });
  });

  it("needs no right but to use the schema and its rows, once the store is up to date", async () => {
    const schema = postgres.freshSchema();
    await (await openStore(postgres.url, schema)).close();
    const user = `user_${schema}`;
    await postgres.query(`CREATE ROLE ${user} LOGIN PASSWORD 'password';
      GRANT USAGE ON SCHEMA ${schema} TO ${user};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${user}`);
    const url = new URL(postgres.url);
    url.username = user;
    const store = await openStore(url.href, schema);
    await send(store, "conversation-1");
    expect((await store.health.check()).isOk()).toBe(true);
    expect((await store.outbox.claim("history", { limit: 9, leaseMs: 1000 }))._unsafeUnwrap()).toHaveLength(1);
    await store.close();
    await postgres.query(`DROP OWNED BY ${user}; DROP ROLE ${user}`);
  });
});

describe("a store that cannot be used", () => {
  const rows = async (schema: string) => postgres.query(`SELECT * FROM ${schema}.migrations ORDER BY applied_at`);

  it("was written by a newer version", async () => {
    const schema = postgres.freshSchema();
    await openStore(postgres.url, schema);
    await postgres.query(`INSERT INTO ${schema}.migrations VALUES (9999, '9999-later.sql', 'c', 'p')`);
    const before = await rows(schema);
    expect(await refusal(schema)).toBe(
      "the PostgreSQL store cannot be used: the schema SCHEMA was written by a newer version of Message Sender",
    );
    expect(await rows(schema)).toEqual(before);
  });

  it.each<[string, (schema: string) => string]>([
    [
      "with the list of migrations of that time",
      (schema) => `DROP TABLE ${schema}.migrations;
        CREATE TABLE ${schema}.migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
        INSERT INTO ${schema}.migrations VALUES ('0001-store.sql'), ('0008-resends.sql')`,
    ],
    ["with other tables", (schema) => `UPDATE ${schema}.migrations SET checksum = 'another' WHERE number = 2`],
    ["with other functions", (schema) => `UPDATE ${schema}.migrations SET procedures = 'others'`],
  ])("was made by an unreleased version, %s", async (_, change) => {
    const schema = postgres.freshSchema();
    const store: PostgresStore = await openStore(postgres.url, schema);
    const message = exampleMessage();
    (await store.messages.accept(message))._unsafeUnwrap();
    await postgres.query(change(schema));
    const before = await rows(schema);
    expect(await refusal(schema)).toBe(
      "the PostgreSQL store cannot be used: the schema SCHEMA was made by an unreleased version of Message Sender, whose " +
        "tables this version cannot use: name another database, or delete the schema and its messages with DROP SCHEMA " +
        "SCHEMA CASCADE",
    );
    expect(await rows(schema)).toEqual(before);
    expect(await postgres.query(`SELECT id FROM ${schema}.messages`)).toEqual([{ id: message.id }]);
  });
});
