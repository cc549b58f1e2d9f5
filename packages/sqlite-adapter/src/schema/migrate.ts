import type { DatabaseSync } from "node:sqlite";

import { pendingMigrations } from "./pending-migrations.ts";

/** Brings the file up to date, within the transaction of `database`. */
export function migrate(database: DatabaseSync): void {
  for (const { number, name, sql, checksum } of pendingMigrations(database)) {
    database.exec(sql);
    database.prepare("INSERT INTO migrations (number, name, checksum) VALUES (?, ?, ?)").run(number, name, checksum);
  }
}
