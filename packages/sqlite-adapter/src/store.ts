import { resolve } from "node:path";

import type { Unavailable } from "@message-sender/core";
import {
  type Clock,
  byClock,
  createSteadyTime,
  type ProcessLease,
  type QuotaCounters,
  type Stamp,
  safeTelemetry,
  type SteadyTime,
  type Store,
  type Telemetry,
} from "@message-sender/core/adapter";
import { err, errAsync, ok, ResultAsync } from "neverthrow";

import { type BackupInProgress, createBackup, type StoreBackup } from "./backup/backup.ts";
import { createFileReader } from "./backup/file-reader.ts";
import { restore } from "./backup/restore.ts";
import { createBacklog } from "./backlog.ts";
import type { DatabaseChannel } from "./database/channel.ts";
import type { DatabaseOptions } from "./database/database.ts";
import { removeDatabaseFile } from "./database/file.ts";
import { createGroupCommit, unavailable } from "./database/group-commit.ts";
import { sqliteMode } from "./database/mode.ts";
import { startDatabaseThread } from "./database/thread.ts";
import { createErasure } from "./erasure.ts";
import { createMessageQueue } from "./message-queue.ts";
import { createMessageStore } from "./message-store.ts";
import { createOutbox } from "./outbox.ts";
import { createParkedStatuses } from "./parked-statuses.ts";
import { createPauses } from "./pauses.ts";
import { createQuotaCounters } from "./quota-counters.ts";
import { createQuotaLedger } from "./quota-ledger.ts";
import { createRecipients } from "./recipients.ts";
import { createRetention } from "./retention.ts";
import { createStoreHealth } from "./store-health.ts";
import { createWebhookInbox } from "./webhook-inbox.ts";

/** The ports of one store, which share its transactions. */
export interface SqliteStore extends Store {
  readonly quotaCounters: QuotaCounters;
  /** How many messages this opening held, because the file was a backup. */
  readonly held: number;
  /** A copy of the store at this moment, while it is in use. Opening the copy restores it. One backup is made at a time. */
  backup(): ResultAsync<StoreBackup, Unavailable | BackupInProgress>;
  /** Frees the memory that opening the file took. Calls wait some milliseconds for it, so it is for a moment at which nothing happens. */
  releaseMemory(): void;
  /** Waits for the calls in flight and closes the file. Later calls are `Unavailable`. */
  close(): Promise<void>;
  /** For a start that failed: closes the store, and deletes the file if this opening created it. */
  discard(): Promise<void>;
}

/** One process has the file, until it is closed. */
const lastingLease: ProcessLease = { validForMs: () => Infinity, surplus: () => 0 };

/** The options of `openSqliteStore`. */
export interface SqliteStoreOptions {
  readonly clock: Clock;
  /** `full` (the default): acknowledged writes survive a power failure. `normal`: they survive only the end of the process. */
  readonly synchronous?: "full" | "normal";
  /** The kind of messages that the store holds. A new store is stamped with it; a store of the other kind is refused. Default `live`. */
  readonly stamp?: Stamp;
  /** How many status updates are kept while their message is unknown. Default 100,000. */
  readonly parkedStatusCapacity?: number;
  /** Receives `StoreBatchEnded` for each transaction that changed something or failed. */
  readonly telemetry?: Telemetry;
}

/**
 * Opens the store in the file at `path`, creates it if it does not exist, and brings an older one up to date. The file
 * belongs to this opening until it is closed or its process has ended: opening it again is `Unavailable`. So is a file that is
 * damaged, is not a store, cannot be written, or was written by a newer version. Only its owner can read the file. Once it is
 * deleted, moved or replaced, every call is `Unavailable`.
 *
 * Opening a backup restores it: the outcome of each message that was unfinished is unknown then, because the store that was backed
 * up may have sent it since. Nothing sends such a message again by itself.
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions): ResultAsync<SqliteStore, Unavailable> {
  return openStoreOf(startDatabaseThread, path, options);
}

/** The store of a database that `start` opens. @internal */
export function openStoreOf(
  start: (options: DatabaseOptions) => DatabaseChannel,
  path: string,
  options: SqliteStoreOptions,
): ResultAsync<SqliteStore, Unavailable> {
  const { clock, synchronous = sqliteMode.synchronous, stamp = "live", parkedStatusCapacity = 100_000 } = options;
  if (path === "" || path === ":memory:") return errAsync(unavailable("a store in SQLite needs a file"));
  const database = start({ path, synchronous, stamp, parkedStatusCapacity });
  const telemetry = options.telemetry && safeTelemetry(options.telemetry);
  const commits = createGroupCommit(
    database.run,
    telemetry && ((end) => telemetry.record({ kind: "StoreBatchEnded", ...end })),
  );
  const reader = createFileReader(resolve(path));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= commits.drain().then(database.close).then(reader.close));
  /** If the wall clock was set back, continues from the latest time in the file, so that everything is due on time. */
  const timeFrom = (latest: number) => createSteadyTime(clock, new Date(Math.max(latest, clock.now().getTime())));
  const storeOf = (isNew: boolean, time: SteadyTime): Omit<SqliteStore, "held"> => ({
    messages: byClock(createMessageStore(commits, time), clock),
    queue: byClock(createMessageQueue(commits, time), clock),
    lease: lastingLease,
    outbox: byClock(createOutbox(commits, time), clock),
    quotaLedger: createQuotaLedger(commits),
    quotaCounters: createQuotaCounters(commits),
    parkedStatuses: createParkedStatuses(commits, time),
    webhookInbox: createWebhookInbox(commits, time),
    recipients: createRecipients(commits),
    erasure: createErasure(commits, database),
    retention: createRetention(commits, time),
    health: createStoreHealth(commits),
    load: { oldestWaitMs: commits.oldestWaitMs },
    backlog: byClock(createBacklog(commits, time), clock),
    pauses: createPauses(commits),
    backup: createBackup({ commits, database, reader }),
    releaseMemory: () => void commits.between(() => database.run("release memory")),
    close,
    async discard() {
      await close();
      if (isNew) removeDatabaseFile(resolve(path));
    },
  });
  return ResultAsync.fromSafePromise(database.opened).andThen((opened) => {
    if ("failure" in opened) return err(unavailable(opened.failure));
    const [isNew, latestTime, isRestored] = opened.answers;
    const store = storeOf(isNew === true, timeFrom(Number(latestTime)));
    if (isRestored !== true) return ok({ ...store, held: 0 });
    return new ResultAsync(restore({ commits, messages: store.messages, clock }))
      .map((held) => ({ ...store, held }))
      .orElse((error) => ResultAsync.fromSafePromise(store.close()).andThen(() => err(error)));
  });
}
