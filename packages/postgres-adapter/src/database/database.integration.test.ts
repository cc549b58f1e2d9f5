import type pg from "pg";
import { expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { createDatabase } from "./database.ts";

const postgres = usePostgres();
const text = "SELECT pg_backend_pid() AS pid";

async function pidOf(client: pg.ClientBase): Promise<number | undefined> {
  return (await client.query<{ pid: number }>(text)).rows[0]?.pid;
}

it("reuses the connection of a transaction that is committed, and closes that of one that fails", async () => {
  const database = createDatabase(postgres.url, { maxConnections: 2, schema: "public" });
  onTestFinished(() => database.close());
  const pid = await database.withTransaction(pidOf);
  const next = async () => (await database.run<{ pid: number }>({ name: "pid", text })).rows[0]?.pid;
  expect(await next()).toBe(pid);
  const failing = database.withTransaction(async (client) => {
    expect(await pidOf(client)).toBe(pid);
    throw new Error("It fails.");
  });
  await expect(failing).rejects.toThrow("It fails.");
  expect(await next()).not.toBe(pid);
});

const nameOf = "SELECT application_name AS name FROM pg_stat_activity WHERE pid = pg_backend_pid()";

it.each([
  ["message-sender, unless its URL has another", "", "message-sender"],
  ["the one in its URL", "?application_name=invoices", "invoices"],
])("has as its name in pg_stat_activity: %s", async (_, parameters, name) => {
  const database = createDatabase(`${postgres.url}${parameters}`, { maxConnections: 1, schema: "public" });
  onTestFinished(() => database.close());
  const own = await database.run<{ name: string }>({ name: "own", text: nameOf });
  expect(own.rows).toEqual([{ name }]);
  const ofLong = `DO $$ BEGIN ASSERT (${nameOf}) = '${name}'; END $$`;
  await expect(database.runLong(ofLong)).resolves.toBeUndefined();
});
