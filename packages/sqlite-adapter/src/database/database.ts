import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { Stamp } from "@message-sender/core";

import { claimDatabaseFile, type DatabaseFile, removeDatabaseFile } from "./file.ts";
import { healthProcedures } from "../procedures/store-health.ts";
import { messageProcedures } from "../procedures/message-store.ts";
import { migrate } from "../schema/migrate.ts";
import { outboxProcedures } from "../procedures/outbox.ts";
import type { BatchAnswer, Call, Procedures } from "../procedures/procedures.ts";
import { parkedStatusProcedures } from "../procedures/parked-statuses.ts";
import { quotaCounterProcedures } from "../procedures/quota-counters.ts";
import { quotaLedgerProcedures } from "../procedures/quota-ledger.ts";
import { recipientProcedures } from "../procedures/recipients.ts";
import { retentionProcedures } from "../procedures/retention.ts";
import { failureOf } from "./failure.ts";
import { insistOnStamp } from "../schema/stamp.ts";
import { webhookProcedures } from "../procedures/webhook-inbox.ts";

export interface Database {
  /** The file was not there before. */
  readonly isNew: boolean;
  /** Runs all calls in one transaction: all of it is durable when this returns, or nothing has happened. */
  run(calls: readonly Call[]): BatchAnswer;
  /** The latest recorded time at which something was made due; 0 where there is none. */
  readonly latestTime: number;
  close(): void;
}

export interface DatabaseOptions {
  readonly path: string;
  readonly synchronous: "full" | "normal";
  readonly stamp: Stamp;
  readonly parkedStatusCapacity: number;
}

/** Opens the file for this process alone. A file that it makes and cannot open is gone again. */
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
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${synchronous};
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA cache_size = -16000;
      BEGIN IMMEDIATE`);
    migrate(sqlite);
    insistOnStamp(sqlite, stamp);
    const opening = begin(sqlite);
    const { latestTime } = sqlite.prepare(latest).get() as { latestTime: number };
    sqlite.exec("COMMIT");
    file.opened();
    const run = createRunner(sqlite, { opening, parkedStatusCapacity });
    return {
      sqlite,
      isNew: file.isNew,
      latestTime,
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

const latest = `
  SELECT coalesce(max(at), 0) AS latestTime FROM (
    SELECT max(due_set_at) AS at FROM messages WHERE due_at IS NOT NULL
    UNION ALL SELECT max(enqueued_at) FROM outbox
  )`;

/** Counts this opening. Whoever had leased outbox entries is gone: they are due at once. */
function begin(sqlite: DatabaseSync): number {
  sqlite.exec("UPDATE outbox SET due_at = 0, is_leased = 0 WHERE due_at IS NOT NULL AND is_leased = 1");
  return Number(sqlite.prepare("INSERT INTO openings DEFAULT VALUES").run().lastInsertRowid);
}

function createRunner(
  sqlite: DatabaseSync,
  { opening, parkedStatusCapacity }: { readonly opening: number; readonly parkedStatusCapacity: number },
): Database["run"] {
  const { enqueue, ...outbox } = outboxProcedures(sqlite);
  const { match, ...parkedStatuses } = parkedStatusProcedures(sqlite, parkedStatusCapacity);
  const { recount, ...quotaLedger } = quotaLedgerProcedures(sqlite);
  const procedures: Procedures = {
    ...messageProcedures(sqlite, opening, { enqueue, match, recount }),
    ...outbox,
    ...parkedStatuses,
    ...quotaLedger,
    ...quotaCounterProcedures(sqlite),
    ...webhookProcedures(sqlite, enqueue),
    ...recipientProcedures(sqlite),
    ...retentionProcedures(sqlite),
    ...healthProcedures(sqlite),
  };
  const perform = procedures as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
  const [start, commit, rollback] = ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"].map((sql) => sqlite.prepare(sql)) as [
    Transition,
    Transition,
    Transition,
  ];

  return (calls) => {
    try {
      start.run();
      const answers = calls.map(([name, args]) => perform[name]?.(...args));
      commit.run();
      return { answers };
    } catch (error) {
      if (sqlite.isTransaction) rollback.run();
      return { failure: failureOf(error) };
    }
  };
}

type Transition = ReturnType<DatabaseSync["prepare"]>;
