import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { textArray } from "./text-array.ts";

const postgres = usePostgres();
let client: pg.Client;

beforeAll(async () => {
  client = new pg.Client(postgres.url);
  await client.connect();
});

afterAll(() => client.end());

it.each<{ readonly texts: readonly string[] }>([
  { texts: [] },
  { texts: [""] },
  { texts: ["one", "", 'a "quoted" \\ {text}, NULL', "NULL", "👩‍👩‍👧‍👦 ١٢ ｆｕｌｌ", "x".repeat(100_000)] },
])("PostgreSQL reads the texts that were written ($texts.length)", async ({ texts }) => {
  const { rows } = await client.query("SELECT $1::text[] AS texts", [textArray(texts)]);
  expect(rows).toEqual([{ texts }]);
});
