import { describeStoreContracts, exampleMessage, withIntent } from "@message-sender/core/contracts";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { type Pooler, startPooler } from "../../test/pooler.ts";
import { openStore, overdueIds, subjectOf, useDatabase } from "../../test/stores.ts";

const postgres = usePostgres();

// `npm run test:pooler`, part of `check:full`. In each run, the comparison with the store in memory uses a pooler.
describe.runIf(process.env["POOLER_CONTRACTS"] === "on")("behind a pooler", () => {
  let pooler: Pooler;
  beforeAll(async () => void (pooler = await startPooler(postgres.url)));
  afterAll(() => pooler.close());
  const database = useDatabase(() => pooler.url);
  describeStoreContracts({
    name: "PostgreSQL store behind a pooler in transaction mode",
    setup: () => subjectOf(postgres, database()),
  });
});

it("knows which process is alive behind a pooler that never gives the same connection twice", async () => {
  const pooler = await startPooler(postgres.url);
  onTestFinished(pooler.close);
  const schema = postgres.freshSchema();
  const [first, second] = [await openStore(pooler.url, schema), await openStore(pooler.url, schema)];
  const messages = Array.from({ length: 200 }, () => exampleMessage());
  await Promise.all(
    messages.map(async (message, index) => {
      const { messages: store } = index % 2 ? first : second;
      (await store.accept(message))._unsafeUnwrap();
      expect((await store.commit({ next: withIntent(message) }))._unsafeUnwrap().applied).toBe(true);
    }),
  );
  while (pooler.moves < 5) (await first.messages.find({ id: "none" }))._unsafeUnwrap();
  expect(await overdueIds(second.messages)).toEqual([]);
  await first.close();
  expect(await overdueIds(second.messages)).toHaveLength(100);
});

it("leaves none of its settings to the next client of the connection", async () => {
  const pooler = await startPooler(postgres.url, { connections: 1 });
  onTestFinished(pooler.close);
  const store = await openStore(pooler.url, postgres.freshSchema());
  (await store.messages.accept(exampleMessage()))._unsafeUnwrap();
  const other = new pg.Client(pooler.url);
  onTestFinished(() => other.end());
  await other.connect();
  for (const [name, fresh] of [
    ["search_path", '"$user", public'],
    ["lock_timeout", "0"],
    ["statement_timeout", "0"],
  ]) {
    expect((await other.query(`SHOW ${name}`)).rows).toEqual([{ [name ?? ""]: fresh }]);
  }
});
