import { existsSync, rmSync } from "node:fs";
import { access, constants, open, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

import type { Unavailable } from "@message-sender/core";
import { ResultAsync } from "neverthrow";

import { openFailureOf } from "./database/failure.ts";
import { unavailable } from "./database/group-commit.ts";
import { pendingMigrations } from "./schema/pending-migrations.ts";
import { type Migration, readMigrations } from "./schema/release.ts";
import { UnusableStore } from "./schema/unusable-store.ts";

/** What an inspection finds without opening the store. */
export type SqliteInspection =
  /** The file does not exist, and can be created. */
  | { readonly kind: "Missing" }
  /** Another process has the file open, so nothing more is known. */
  | { readonly kind: "InUse" }
  /**
   * The store can be opened, which applies the pending migrations. `schemaVersion`: the number of its newest migration, 0 if it was
   * never opened. `stamp`: the kind of messages that it holds, if it was ever opened. `journalMode`: that of the file as it is; opening
   * the store sets `sqliteMode`.
   */
  | {
      readonly kind: "Usable";
      readonly schemaVersion: number;
      readonly pendingMigrations: number;
      readonly stamp?: string;
      readonly journalMode?: "wal" | "delete";
    };

/**
 * Inspects the store in the file at `path` without changing it. If it could not be opened, the answer is `Unavailable` with the reason.
 * Whether its disk has room is not looked at.
 */
export function inspectSqliteStore(path: string): ResultAsync<SqliteInspection, Unavailable> {
  return ResultAsync.fromPromise(inspect(path), (cause) => unavailable(reasonOf(path, cause)));
}

async function inspect(path: string): Promise<SqliteInspection> {
  const folder = dirname(path);
  const file = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw cause;
    return undefined;
  });
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  if (!file) return { kind: "Missing" };
  if (!file.isFile()) throw new UnusableStore("is not a file");
  await access(path, constants.R_OK | constants.W_OK);
  const named = await realpath(path);
  if (isInUse(named)) return { kind: "InUse" };
  const facts = factsOf(named);
  const journalMode = await journalModeOf(named);
  return { kind: "Usable", ...facts, ...(journalMode && { journalMode }) };
}

/** Bytes 18 and 19 of a database's header (SQLite, "Database File Format"). An empty file has none. Only for a file that is not in use. */
async function journalModeOf(path: string): Promise<"wal" | "delete" | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0);
    if (bytesRead < 20) return undefined;
    return buffer[18] === 2 && buffer[19] === 2 ? "wal" : "delete";
  } finally {
    await file.close();
  }
}

/** Requests the lock that an open store holds. A reader never gets it, but the error tells whether another process has it. */
function isInUse(path: string): boolean {
  const sqlite = new DatabaseSync(path, { readOnly: true, timeout: 250 });
  try {
    sqlite.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA user_version");
    return false;
  } catch (error) {
    const { errcode = 0 } = error as { errcode?: number };
    if ((errcode & 0xff) === busy) return true;
    if (errcode === readOnlyLock) return false;
    throw error;
  } finally {
    sqlite.close();
  }
}

const busy = 5;
/** SQLITE_IOERR_LOCK. */
const readOnlyLock = 10 | (15 << 8);

/** A killed process leaves a log beside the file. SQLite creates an index to read it, which is removed again. */
function factsOf(path: string): { schemaVersion: number; pendingMigrations: number; stamp?: string } {
  const hasLog = existsSync(`${path}-wal`);
  const index = `${path}-shm`;
  const hadIndex = existsSync(index);
  const location = pathToFileURL(path);
  if (!hasLog) location.searchParams.set("immutable", "1");
  const sqlite = new DatabaseSync(location, { readOnly: true, timeout: 250 });
  try {
    const pending = pendingMigrations(sqlite);
    const isEmpty = sqlite.prepare("SELECT name FROM sqlite_schema").get() === undefined;
    const stamped =
      !isEmpty && (sqlite.prepare("SELECT stamp FROM store_stamp").get() as { stamp: string } | undefined);
    return {
      schemaVersion: newestOf(
        readMigrations().filter(({ number }) => !pending.some((other) => other.number === number)),
      ),
      pendingMigrations: pending.length,
      ...(stamped && { stamp: stamped.stamp }),
    };
  } finally {
    sqlite.close();
    if (hasLog && !hadIndex) rmSync(index, { force: true });
  }
}

function newestOf(migrations: readonly Migration[]): number {
  return Math.max(0, ...migrations.map(({ number }) => number));
}

function reasonOf(path: string, cause: unknown): string {
  const { errcode, code = "unknown" } = cause as { errcode?: number; code?: string };
  if (cause instanceof UnusableStore || errcode !== undefined) return openFailureOf(path, cause);
  return `${path} cannot be used (${code})`;
}
