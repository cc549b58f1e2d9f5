import { readdirSync, readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { openStore } from "../../test/stores.ts";

const postgres = usePostgres();

function filesIn(kind: "schema" | "procedures"): { name: string; sql: string }[] {
  const folder = new URL(`../../sql/${kind}/`, import.meta.url);
  return readdirSync(folder).map((name) => ({ name, sql: readFileSync(new URL(name, folder), "utf8") }));
}

function definedIn(sql: string): readonly (string | undefined)[] {
  return Array.from(sql.matchAll(/^CREATE (?:OR REPLACE )?FUNCTION (\w+)/gm), ([, name]) => name);
}

it("each file of procedures defines one function, that of its name", () => {
  for (const { name, sql } of filesIn("procedures")) {
    expect(definedIn(sql), name).toEqual([name.replace(".sql", "").replaceAll("-", "_")]);
  }
});

it("the files of the schema define no function, and are numbered from 1 without a gap", () => {
  const files = filesIn("schema").toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(files.flatMap(({ sql }) => definedIn(sql))).toEqual([]);
  expect(files.map(({ name }) => name.slice(0, 5))).toEqual(
    files.map((_, index) => `${String(index + 1).padStart(4, "0")}-`),
  );
});

it("nothing is defined twice, unless a migration makes it anew", () => {
  const procedures = filesIn("procedures").map(({ sql }) => ({ name: "", sql }));
  const defined = [...filesIn("schema"), ...procedures].flatMap(({ name: file, sql }) =>
    Array.from(
      sql.matchAll(/^CREATE (?:OR REPLACE )?(?:UNIQUE )?(TABLE|INDEX|FUNCTION|TRIGGER) (\w+)/gm),
      ([, kind, name]) => `${file} ${kind} ${name}`,
    ),
  );
  expect(defined).toHaveLength(new Set(defined).size);
});

it("a store has the functions of the files, each in one form, and no others", async () => {
  const schema = postgres.freshSchema();
  await openStore(postgres.url, schema);
  const functions = await postgres.query(
    "SELECT proname AS name FROM pg_proc WHERE pronamespace = to_regnamespace($1)",
    [schema],
  );
  const files = filesIn("procedures").flatMap(({ sql }) => definedIn(sql));
  expect(functions).toHaveLength(files.length);
  expect(new Set(functions.map(({ name }) => name))).toEqual(new Set(files));
});
