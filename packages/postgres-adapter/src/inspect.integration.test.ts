import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import { inspectPostgresStore } from "@message-sender/postgres-adapter";
import { expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../tests/support/postgres.ts";
import { openStore } from "../test/stores.ts";
import { readRelease } from "./schema/release.ts";

const postgres = usePostgres();

async function look(url: string, schema: string): Promise<unknown> {
  return (await inspectPostgresStore(url, { schema })).match(
    (value): unknown => value,
    ({ reason }) => reason.replaceAll(schema, "SCHEMA"),
  );
}

it("finds a store that is up to date, and one that does not exist yet, and creates nothing", async () => {
  const schema = postgres.freshSchema();
  const { migrations } = readRelease();
  const found = {
    serverVersion: expect.stringMatching(/^\d+/),
    synchronousCommit: "on",
    fsync: expect.any(Boolean),
    fullPageWrites: true,
    synchronousStandbys: "",
    standbys: { connected: 0, synchronous: 0 },
    longestTransactionSeconds: expect.any(Number),
    connection: { isEncrypted: false, isLocal: true },
    databaseBytes: expect.any(Number),
  };
  expect(await look(postgres.url, schema)).toEqual({
    ...found,
    schemaVersion: 0,
    pendingMigrations: migrations.length,
  });
  expect(await postgres.query("SELECT to_regnamespace($1) IS NULL AS none", [schema])).toEqual([{ none: true }]);
  await openStore(postgres.url, schema);
  expect(await look(postgres.url, schema)).toMatchObject({
    ...found,
    defaultPartition: { bytes: expect.any(Number), isLarge: false, isBeingAttached: false },
    schemaVersion: migrations.length,
    pendingMigrations: 0,
  });
  await postgres.query(`DELETE FROM ${schema}.migrations WHERE number = ${migrations.length}`);
  expect(await look(postgres.url, schema)).toMatchObject({
    ...found,
    schemaVersion: migrations.length - 1,
    pendingMigrations: 1,
  });
});

it("finds a default partition that is so large that no other is made beside it, and whether it is being attached", async () => {
  const schema = postgres.freshSchema();
  const store = await openStore(postgres.url, schema);
  await store.close();
  // A page has room for one of these rows, and there are 64 MiB of pages.
  await postgres.query(
    `ALTER TABLE ${schema}.wamids_default SET (fillfactor = 10);
     INSERT INTO ${schema}.wamids_default (wamid, message_id) SELECT n, repeat(md5(n::text), 26) FROM generate_series(1, 8200) n`,
  );
  const bytes = expect.any(Number);
  const large = { bytes, isLarge: true, isBeingAttached: false };
  expect(await look(postgres.url, schema)).toMatchObject({ defaultPartition: large });
  await postgres.query(
    `ALTER TABLE ${schema}.messages_default ADD CONSTRAINT messages_default_bound CHECK (id < 'x') NOT VALID`,
  );
  expect(await look(postgres.url, schema)).toMatchObject({ defaultPartition: { ...large, isBeingAttached: true } });
});

it("needs no right to the function with which it tries a commit", async () => {
  const schema = postgres.freshSchema();
  const user = `owner_${schema.slice(-12)}`;
  const emit = "FUNCTION pg_logical_emit_message(boolean, text, text, boolean)";
  await postgres.query(`CREATE ROLE ${user} LOGIN PASSWORD 'owner'`);
  onTestFinished(async () => {
    await postgres.query(`GRANT EXECUTE ON ${emit} TO PUBLIC`);
    await postgres.query(`DROP OWNED BY ${user}`);
    await postgres.query(`DROP ROLE ${user}`);
  });
  await postgres.query(`GRANT CREATE ON DATABASE ${new URL(postgres.url).pathname.slice(1)} TO ${user}`);
  await postgres.query(`REVOKE EXECUTE ON ${emit} FROM PUBLIC`);
  const url = new URL(postgres.url);
  url.username = user;
  url.password = "owner";
  expect(await look(url.href, schema)).toMatchObject({ schemaVersion: 0 });
});

it("finds that a store holds a sandbox's messages", async () => {
  const schema = postgres.freshSchema();
  await openStore(postgres.url, schema);
  await postgres.query(`UPDATE ${schema}.store_stamp SET stamp = 'sandbox'`);
  expect(await look(postgres.url, schema)).toMatchObject({ stamp: "sandbox" });
});

it("finds a store that was written by a newer version, or made by an unreleased one", async () => {
  const schema = postgres.freshSchema();
  await openStore(postgres.url, schema);
  await postgres.query(`INSERT INTO ${schema}.migrations VALUES (9999, '9999-later.sql', 'c', 'p')`);
  expect(await look(postgres.url, schema)).toBe(
    "the PostgreSQL store cannot be used: the schema SCHEMA was written by a newer version of Message Sender",
  );
  await postgres.query(
    `UPDATE ${schema}.migrations SET checksum = 'another'; DELETE FROM ${schema}.migrations WHERE number = 9999`,
  );
  expect(await look(postgres.url, schema)).toContain("was made by an unreleased version of Message Sender");
});

it("finds that a server accepts no writes, or none from this user", async () => {
  const schema = postgres.freshSchema();
  const user = `reader_${schema.slice(-12)}`;
  await postgres.query(`CREATE ROLE ${user} LOGIN PASSWORD 'reader'`);
  onTestFinished(async () => void (await postgres.query(`DROP ROLE ${user}`)));
  const url = new URL(postgres.url);
  url.username = user;
  url.password = "reader";
  expect(await look(url.href, schema)).toBe(
    "the PostgreSQL store cannot be used: there is no schema SCHEMA, and this user may not create it",
  );
  await openStore(postgres.url, schema);
  expect(await look(url.href, schema)).toBe(
    "the PostgreSQL store cannot be used: this user may not use the schema SCHEMA",
  );
  await postgres.query(`ALTER ROLE ${user} SET default_transaction_read_only = on`);
  expect(await look(url.href, schema)).toBe(
    "the PostgreSQL store cannot be used: the server accepts no writes: its transactions are read-only",
  );
});

it("says why there is no connection, and never shows the password", async () => {
  const schema = postgres.freshSchema();
  const refused = await look("postgres://user:canary@127.0.0.1:9/db?sslpassword=canary", schema);
  expect(refused).toBe("the PostgreSQL store failed: ECONNREFUSED");
  const wrong = new URL(postgres.url);
  wrong.username = "nobody-canary";
  wrong.password = "canary";
  expect(await look(wrong.href, schema)).toBe("the PostgreSQL store failed: 28P01 (the user or the password is wrong)");
});

it("does not wait for a server that never answers", async () => {
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await look(`postgres://user:canary@127.0.0.1:${port}/db`, "any")).toMatch(/^the PostgreSQL store failed: /);
});
