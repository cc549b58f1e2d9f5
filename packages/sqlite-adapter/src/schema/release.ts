import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** A file of `sql/schema`. Each is applied once to each store. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

const folder = new URL("../../sql/schema/", import.meta.url);

/** The migrations of this release, in the order of their numbers. */
export function readMigrations(): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), "utf8");
      return { number: Number.parseInt(name, 10), name, sql, checksum: hash("sha256", sql) };
    });
}
