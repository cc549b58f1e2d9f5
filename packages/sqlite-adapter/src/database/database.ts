import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { Stamp } from "@message-sender/core/adapter";

import { createProcedures, type Procedures } from "../procedures/procedures.ts";
import { prepare } from "../procedures/statement.ts";
import { migrate } from "../schema/migrate.ts";
import { isBackup } from "../schema/backup-mark.ts";
import { ensureStamp } from "../schema/stamp.ts";
import type { BatchAnswer, Call } from "./batch.ts";
import { failureOf } from "./failure.ts";
import { claimDatabaseFile, type DatabaseFile, removeDatabaseFile } from "./file.ts";
import { sqliteMode } from "./mode.ts";
import { owesRewriting, rewrite } from "../schema/rewriting.ts";

export interface Database {
  /** This opening created the file. */
  readonly isNew: boolean;
  /** Runs all calls in one transaction. When it returns, either all of them are durable or none was applied. */
  run(calls: readonly Call[]): BatchAnswer;
  /** The latest time in the file at which a due time was set. 0 if there is none. */
  readonly latestTime: number;
  /** The file is a copy that `backup` made and that was not opened since. */
  readonly isRestored: boolean;
  /**
   * Moves everything into the database's file, and leaves the file unchanged until `endBackup`: new commits are only written to the
   * log beside it. Returns the size of the file.
   */
  beginBackup(): BatchAnswer;
  endBackup(): BatchAnswer;
  /**
   * Rewrites the file if an erasure changed it since it was last rewritten, so that nothing in it or its log is left of what was
   * erased. Fails if that is due while a backup is being made.
   */
  clean(): BatchAnswer;
  close(): void;
}

export interface DatabaseOptions {
  readonly path: string;
  readonly synchronous: "full" | "normal";
  readonly stamp: Stamp;
  readonly parkedStatusCapacity: number;
}

/** Opens the file for this process alone. If it creates the file and cannot open it, it removes the file again. */
export function openDatabase(options: DatabaseOptions): Database & { readonly sqlite: DatabaseSync } {
  const path = resolve(options.path);
  const file = claimDatabaseFile(path);
  try {
    return openClaimed(file, { ...options, path });
  } catch (error) {
    if (file.isNew) removeDatabaseFile(path);
    throw error;
  }
}

function openClaimed(
  file: DatabaseFile,
  { path, synchronous, stamp, parkedStatusCapacity }: DatabaseOptions,
): Database & { readonly sqlite: DatabaseSync } {
  const sqlite = new DatabaseSync(path, { timeout: 250 });
  try {
    sqlite.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = ${sqliteMode.journalMode};
      PRAGMA synchronous = ${synchronous};
      PRAGMA wal_autocheckpoint = ${pagesOfLog};
      PRAGMA cache_size = -${cacheKilobytes};
      PRAGMA secure_delete = ON;
      BEGIN IMMEDIATE`);
    migrate(sqlite);
    ensureStamp(sqlite, stamp);
    const opening = beginOpening(sqlite);
    const isRestored = isBackup(sqlite);
    const { latestTime } = sqlite.prepare(latest).get() as { latestTime: number };
    sqlite.exec("COMMIT");
    file.opened();
    let isBackingUp = false;
    const run = createRunner(sqlite, () => createProcedures(sqlite, { opening, parkedStatusCapacity }));
    return {
      sqlite,
      isNew: file.isNew,
      latestTime,
      isRestored,
      beginBackup: () =>
        guarded(() => {
          const failure = file.loss();
          if (failure !== undefined) return { failure };
          isBackingUp = true;
          sqlite.exec("PRAGMA wal_autocheckpoint = 0");
          const { busy } = sqlite.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() as { busy: number };
          file.written();
          return busy === 0 ? { answers: [sizeOf(sqlite)] } : { failure: "the log could not be emptied" };
        }),
      endBackup: () =>
        guarded(() => {
          isBackingUp = false;
          sqlite.exec(`PRAGMA wal_autocheckpoint = ${pagesOfLog}`);
          return { answers: [] };
        }),
      clean: () =>
        guarded(() => {
          const failure = file.loss();
          if (failure !== undefined) return { failure };
          if (!owesRewriting(sqlite)) return { answers: [] };
          if (isBackingUp) return { failure: "a backup is being made: repeat the erasure once it has ended" };
          const isEmptied = rewrite(sqlite);
          file.written();
          return isEmptied ? { answers: [] } : { failure: "the log could not be emptied" };
        }),
      run(calls) {
        const failure = file.loss();
        if (failure !== undefined) return { failure };
        const answer = run(calls);
        file.written();
        return answer;
      },
      close: () => sqlite.close(),
    };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** The log is moved into the file once it has this many pages. */
const pagesOfLog = 4000;

/** For SQLite's own copies of pages: more than a batch changes. Twice as much saved no CPU, since the system caches the file too. */
const cacheKilobytes = 8000;

function sizeOf(sqlite: DatabaseSync): number {
  const size = "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size";
  return (sqlite.prepare(size).get() as { bytes: number }).bytes;
}

function guarded(work: () => BatchAnswer): BatchAnswer {
  try {
    return work();
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

const latest = `
  SELECT coalesce(max(at), 0) AS latestTime FROM (
    SELECT max(due_set_at) AS at FROM messages WHERE due_at IS NOT NULL
    UNION ALL SELECT max(enqueued_at) FROM outbox
  )`;

/** Numbers this opening. The process that had leased outbox entries and held lines has ended, so they are due at once. */
function beginOpening(sqlite: DatabaseSync): number {
  sqlite.exec("UPDATE lines SET is_held = 0 WHERE is_held = 1");
  sqlite.exec("UPDATE outbox SET due_at = 0, is_leased = 0 WHERE due_at IS NOT NULL AND is_leased = 1");
  return Number(sqlite.prepare("INSERT INTO openings DEFAULT VALUES").run().lastInsertRowid);
}

function createRunner(sqlite: DatabaseSync, create: () => Procedures): Database["run"] {
  type Perform = Record<string, (...args: readonly unknown[]) => unknown>;
  const made = (): Perform => create() as unknown as Perform;
  let perform: Perform | undefined = made();
  const begin = sqlite.prepare("BEGIN IMMEDIATE");
  const commit = sqlite.prepare("COMMIT");
  const rollback = sqlite.prepare("ROLLBACK");
  /** Counts the changed rows since the file was opened. */
  const changes = prepare<[number]>(sqlite, "SELECT total_changes()");

  return (calls) => {
    try {
      const procedures = (perform ??= made());
      begin.run();
      const [before] = changes.get() ?? [];
      const answers = calls.map(([name, args]) => procedures[name]?.(...args));
      const [after] = changes.get() ?? [];
      commit.run();
      return before === after ? { answers, isReadOnly: true } : { answers };
    } catch (error) {
      if (sqlite.isTransaction) rollback.run();
      // They may remember what was rolled back. The next batch makes them anew: now that may fail, as the batch has.
      perform = undefined;
      return { failure: failureOf(error) };
    }
  };
}
