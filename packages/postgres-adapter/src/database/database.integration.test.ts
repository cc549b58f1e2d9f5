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
