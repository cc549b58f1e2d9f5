import { readdirSync, readFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

const folder = new URL("../../migrations/", import.meta.url);

/** Brings the file up to date, all or nothing. `user_version` counts the migrations that it has had. */
export function migrate(database: DatabaseSync): void {
  const files = migrationFiles();
  const { user_version: done } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (done > files.length) throw new NewerSchema();
  for (const file of files.slice(done)) database.exec(readFileSync(new URL(file, folder), "utf8"));
  database.exec(`PRAGMA user_version = ${files.length}`);
}

/** The migrations that this release knows, in their order. */
export function migrationFiles(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
}

/** A newer release has written the file. */
export class NewerSchema extends Error {}
