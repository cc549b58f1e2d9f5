import { expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { createDatabase } from "./database.ts";

const postgres = usePostgres();

it("runs no statement through the server's just-in-time compiler, which takes longer than the statement", async () => {
  const database = createDatabase(postgres.url, { maxConnections: 1, schema: "public" });
  onTestFinished(() => database.close());
  const text = "SELECT current_setting('jit') AS jit";
  expect((await database.run({ name: "jit", text })).rows).toEqual([{ jit: "off" }]);
  const inTransaction = await database.withTransaction(async (client) => (await client.query(text)).rows);
  expect(inTransaction).toEqual([{ jit: "off" }]);
});

it("a statement is never answered by another one that was prepared under its name", async () => {
  const database = createDatabase(postgres.url, { maxConnections: 1, schema: "public" });
  onTestFinished(() => database.close());
  for (const answer of [1, 2]) {
    const { rows } = await database.run({ name: "one", text: `SELECT ${answer} AS answer` });
    expect(rows).toEqual([{ answer }]);
  }
});
