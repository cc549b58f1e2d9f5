import type { DatabaseSync } from "node:sqlite";

/**
 * SQLite's `application_id` of a copy that `backup` made. A store that is in use never has it, so a crash during a backup changes
 * nothing.
 */
const mark = 0x6d_73_62_6b;

/** The place of `application_id` in the file: 4 bytes, big-endian (SQLite, "Database File Format", section 1.3). */
const markOffset = 68;

/** Marks the copy whose first bytes these are. */
export function markBackup(firstBytes: Buffer): void {
  firstBytes.writeUInt32BE(mark, markOffset);
}

export function isBackup(database: DatabaseSync): boolean {
  const { application_id } = database.prepare("PRAGMA application_id").get() as { application_id: number };
  return application_id === mark;
}

export function removeBackupMark(database: DatabaseSync): void {
  database.exec("PRAGMA application_id = 0");
}
