import type { DatabaseSync } from "node:sqlite";

/**
 * SQLite's `user_version` of a file that an erasure changed and that was not rewritten since. It is set by the transaction that
 * erases, so an erasure that was interrupted leaves it to the next one.
 */
const owed = 1;

export function oweRewriting(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${owed}`);
}

export function owesRewriting(database: DatabaseSync): boolean {
  const { user_version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  return user_version === owed;
}

/** Rewrites the file and empties its log. Returns whether it could empty it: a file that could not still owes its rewriting. */
export function rewrite(database: DatabaseSync): boolean {
  database.exec("VACUUM");
  const { busy } = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number };
  if (busy !== 0) return false;
  database.exec("PRAGMA user_version = 0");
  return true;
}
