import { exampleMessage } from "@message-sender/core/contracts";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";

import { startEmbeddedPostgres } from "../../../../tests/support/embedded-postgres.ts";
import { usePostgres } from "../../../../tests/support/postgres.ts";
import { clock, openStore } from "../../test/stores.ts";
import { openPostgresStore } from "../index.ts";

const postgres = usePostgres();

/** A store with a role of its own, so that its connections can be listed and made read-only. */
async function setup() {
  const schema = postgres.freshSchema();
  const role = `role_${schema}`;
  await postgres.query(`CREATE ROLE ${role} LOGIN PASSWORD 'password' SUPERUSER`);
  const url = new URL(postgres.url);
  url.username = role;
  const connections = async () =>
    (await postgres.query("SELECT pid FROM pg_stat_activity WHERE usename = $1", [role])).map(
      ({ pid }) => pid as number,
    );
  return {
    store: await openStore(url.href, schema),
    url: url.href,
    schema,
    connections,
    /** Connections made from now on accept no writes, like a connection to a standby. */
    demote: () => postgres.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`),
    promote: () => postgres.query(`ALTER ROLE ${role} RESET default_transaction_read_only`),
    cut: () => postgres.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", [role]),
  };
}

it("is not healthy while its server answers reads but accepts no writes, and is healthy again afterwards", async () => {
  const { store, demote, promote, cut } = await setup();
  expect((await store.health.check()).isOk()).toBe(true);
  await demote();
  await cut();
  const [health, found] = await Promise.all([store.health.check(), store.messages.find({ id: "any" })]);
  expect(health._unsafeUnwrapErr().reason).toContain("accepts no writes");
  // A standby's answer may be out of date.
  expect(found._unsafeUnwrapErr().reason).toContain("accepts no writes");
  await promote();
  expect((await store.health.check()).isOk()).toBe(true);
});

it("fails no call when its server was demoted and new connections reach another one", async () => {
  const own = await startEmbeddedPostgres();
  onTestFinished(() => own.stop());
  const store = (await openPostgresStore(own.url, { clock }))._unsafeUnwrap();
  onTestFinished(store.close);
  const server = new pg.Client(own.url);
  onTestFinished(() => server.end());
  await server.connect();
  await server.query("SET default_transaction_read_only = off");
  const connections = async () => {
    const { rows } = await server.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    return rows.map(({ pid }) => pid);
  };
  // Opens as many connections as it may have.
  await Promise.all(Array.from({ length: 40 }, () => store.outbox.claim("history", { limit: 1, leaseMs: 1 })));
  const demoted = await connections();
  expect(demoted).toHaveLength(10);
  // The server demotes the connections that exist; new ones have another setting by their role.
  await server.query("ALTER ROLE postgres SET default_transaction_read_only = off");
  await server.query("ALTER SYSTEM SET default_transaction_read_only = on");
  await server.query("SELECT pg_reload_conf()");
  const setting = async () =>
    (await server.query("SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only'")).rows;
  await expect.poll(setting).toEqual([{ reset_val: "on" }]);
  expect((await store.health.check()).isOk()).toBe(true);
  const messages = Array.from({ length: 20 }, () => exampleMessage());
  const answers = await Promise.all(messages.map((message) => store.messages.accept(message)));
  expect(answers.filter((answer) => answer.isErr())).toEqual([]);
  await Promise.all(Array.from({ length: 40 }, () => store.outbox.claim("history", { limit: 1, leaseMs: 1 })));
  await expect.poll(async () => (await connections()).filter((pid) => demoted.includes(pid))).toEqual([]);
});

it("does not reuse a connection whose statement failed", async () => {
  const { store, connections } = await setup();
  (await store.messages.accept(exampleMessage()))._unsafeUnwrap();
  const before = await connections();
  expect((await store.messages.accept(exampleMessage({ id: "nul\u0000" }))).isErr()).toBe(true);
  await expect
    .poll(async () => (await connections()).filter((pid) => before.includes(pid)).length)
    .toBeLessThan(before.length);
});

it("is not healthy on a full disk, although the row that it updates has room on its page", async () => {
  const { store, schema } = await setup();
  // Each temporary file fails as if the disk were full; the row itself can be updated.
  await postgres.query(`ALTER FUNCTION ${schema}.probe_commit(uuid) SET temp_file_limit = '8kB'`);
  expect((await store.health.check())._unsafeUnwrapErr().kind).toBe("Unavailable");
  await postgres.query(`ALTER FUNCTION ${schema}.probe_commit(uuid) RESET temp_file_limit`);
  expect((await store.health.check()).isOk()).toBe(true);
});

it("refuses a store that holds messages of the other kind, and says what to do", async () => {
  const schema = postgres.freshSchema();
  const open = (stamp?: "live" | "sandbox") =>
    openPostgresStore(postgres.url, { clock, schema, ...(stamp && { stamp }) });
  const sandbox = (await open("sandbox"))._unsafeUnwrap();
  onTestFinished(sandbox.close);
  expect((await open())._unsafeUnwrapErr().reason).toMatch(/sandbox's messages.*name another database.*--sandbox/);
  const again = (await open("sandbox"))._unsafeUnwrap();
  onTestFinished(again.close);
  const live = postgres.freshSchema();
  await openStore(postgres.url, live);
  const refused = await openPostgresStore(postgres.url, { clock, schema: live, stamp: "sandbox" });
  expect(refused._unsafeUnwrapErr().reason).toContain("real messages");
});
