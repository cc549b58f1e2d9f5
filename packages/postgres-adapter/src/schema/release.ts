import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** The SQL of this release. */
export interface Release {
  /** The files of `sql/schema`, in the order of their numbers. Each is applied once to each store. */
  readonly migrations: readonly Migration[];
  /** The files of `sql/procedures` as one. They replace those of an earlier release. */
  readonly procedures: Sql;
}

export interface Migration extends Sql {
  readonly number: number;
  readonly name: string;
}

interface Sql {
  readonly sql: string;
  readonly checksum: string;
}

const folder = new URL("../../sql/", import.meta.url);

export function readRelease(): Release {
  const migrations = filesIn("schema").map(({ name, sql }) => ({
    number: Number.parseInt(name, 10),
    name,
    ...sqlOf(sql),
  }));
  const procedures = filesIn("procedures").map(({ sql }) => sql);
  return { migrations, procedures: sqlOf(procedures.join("\n")) };
}

function filesIn(kind: "schema" | "procedures"): readonly { readonly name: string; readonly sql: string }[] {
  const inside = new URL(`${kind}/`, folder);
  return readdirSync(inside)
    .filter((name) => name.endsWith(".sql"))
    .toSorted()
    .map((name) => ({ name, sql: readFileSync(new URL(name, inside), "utf8") }));
}

function sqlOf(sql: string): Sql {
  return { sql, checksum: hash("sha256", sql) };
}
