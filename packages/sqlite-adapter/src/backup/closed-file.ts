import { open } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";

import { isDamage, openFailureOf } from "../database/failure.ts";
import { markBackup } from "../schema/backup-mark.ts";

/** Long enough for the mark, which lies in the first hundred bytes. */
const headLength = 100;

/**
 * Copies a store that no process has open into the empty file at `target`, as a backup. Rejects if another process has it open, or if
 * it is damaged.
 * The store itself keeps its content.
 */
export async function backUpSqliteFile(path: string, target: string): Promise<void> {
  const sqlite = new DatabaseSync(path, { timeout: 250 });
  try {
    // Holds the lock for the whole copy.
    sqlite.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT");
    sqlite.prepare("VACUUM INTO ?").run(target);
  } catch (cause) {
    throw isDamage(cause) ? new Error(openFailureOf(path, cause), { cause }) : cause;
  } finally {
    sqlite.close();
  }
  const file = await open(target, "r+");
  try {
    const head = Buffer.alloc(headLength);
    await file.read(head, 0, headLength, 0);
    markBackup(head);
    await file.write(head, 0, headLength, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}
