import type { DatabaseSync } from "node:sqlite";

import { type Migration, readMigrations } from "./release.ts";
import { UnusableStore } from "./unusable-store.ts";

/** The migrations that the store in a file lacks. Throws if this release cannot use the store. */
export function pendingMigrations(database: DatabaseSync): readonly Migration[] {
  const migrations = readMigrations();
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const hasTable = (name: string): boolean => tables.some((table) => table["name"] === name);
  if (!hasTable("migrations")) {
    if (hasTable("openings")) throw new UnusableStore(unreleased);
    if (tables.length > 0) throw new UnusableStore("is a database, but not a message store");
    return migrations;
  }
  const applied = database.prepare("SELECT number, checksum FROM migrations").all();
  const latest = migrations.at(-1)?.number ?? 0;
  if (applied.some(({ number }) => Number(number) > latest)) {
    throw new UnusableStore("was written by a newer version of Message Sender");
  }
  const checksums = new Map(applied.map(({ number, checksum }) => [number, checksum]));
  if (migrations.some(({ number, checksum }) => (checksums.get(number) ?? checksum) !== checksum)) {
    throw new UnusableStore(unreleased);
  }
  return migrations.filter(({ number }) => !checksums.has(number));
}

const unreleased =
  "was made by an unreleased version of Message Sender, whose tables this version cannot use: name another file, or " +
  "delete this one and its messages";
