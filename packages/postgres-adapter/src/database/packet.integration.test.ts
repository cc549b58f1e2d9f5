import { afterAll, beforeAll, expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { createDatabase, type Database } from "./database.ts";
import { createPacket, type Value } from "./packet.ts";
import { textArray } from "./text-array.ts";

const postgres = usePostgres();
let database: Database;

beforeAll(() => {
  database = createDatabase(postgres.url, { maxConnections: 1, schema: "public" });
});

afterAll(() => database.close());

async function echo(type: string, value: Value): Promise<unknown> {
  const text = `SELECT $1::${type} AS echoed`;
  const { rows } = await database.run<{ readonly echoed: unknown }>({ name: type, text }, [value]);
  return rows[0]?.echoed;
}

const odd = 'one "quoted" \\ {text}, NULL 👩‍👩‍👧‍👦 ١٢ ｆｕｌｌ';

it.each<{ readonly texts: readonly string[] }>([
  { texts: [] },
  { texts: [""] },
  { texts: ["one", "", odd, "NULL", "x".repeat(100_000), "é".repeat(2_000_000), "after it"] },
])("PostgreSQL reads the texts that were written ($texts.length)", async ({ texts }) => {
  expect(await echo("text[]", textArray(texts))).toEqual(texts);
  expect(await echo("text[]", texts)).toEqual(texts);
});

it.each<[type: string, value: Value]>([
  ["text", ""],
  ["text", odd],
  ["text", null],
  ["integer", -2_147_483_648],
  ["bigint", Number.MAX_SAFE_INTEGER],
  ["double precision", 0.1],
  ["boolean", true],
  ["boolean", false],
  ["timestamptz", new Date("2026-11-29T12:00:00.123Z")],
  ["timestamptz", new Date("+012026-01-01T00:00:00.001Z")],
  ["timestamptz", new Date(8.64e15)],
  ["timestamptz", new Date("0001-01-01T00:00:00.001Z")],
  ["timestamptz", new Date("0000-03-01T12:00:00.500Z")],
  ["timestamptz", new Date("-000043-03-15T12:00:00.000Z")],
])("PostgreSQL reads the %s that was written", async (type, value) => {
  expect(await echo(type, value)).toEqual(value);
});

it("PostgreSQL reads arrays of times and of numbers", async () => {
  const times = [new Date("2026-11-29T12:00:00.123Z"), new Date(0)];
  expect(await echo("timestamptz[]", times)).toEqual(times);
  expect(await echo("integer[]", [1, -2])).toEqual([1, -2]);
});

it("PostgreSQL refuses a time that is none, in a statement that is not repeated", async () => {
  const invalid = new Date(Number.NaN);
  await expect(echo("timestamptz", invalid)).rejects.toMatchObject({ code: "22007" });
  await expect(echo("timestamptz[]", [invalid])).rejects.toMatchObject({ code: "22007" });
});

it("a value that is absent is NULL", async () => {
  expect(await echo("text", undefined)).toBeNull();
});

it("the next packet has the memory of the one before it, unless that was large", () => {
  const packet = createPacket();
  const memoryOf = (text: string) => {
    packet.run("statement", [text]);
    return packet.end().buffer;
  };
  const first = memoryOf("small");
  expect(memoryOf("small")).toBe(first);
  const large = memoryOf("x".repeat(2_000_000));
  const after = memoryOf("small");
  expect(after).not.toBe(large);
  expect(after.byteLength).toBe(first.byteLength);
});
