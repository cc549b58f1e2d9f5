import { resolve } from "node:path";

import {
  type Clock,
  byClock,
  createSteadyTime,
  type QuotaCounters,
  type R,
  type Stamp,
  type SteadyTime,
  type Store,
  type Unavailable,
} from "@message-sender/core";
import { err, errAsync, ok, ResultAsync } from "neverthrow";

import { removeDatabaseFile } from "./database/file.ts";
import { startDatabaseThread } from "./database/thread.ts";
import { createGroupCommit, unavailable } from "./database/group-commit.ts";
import { createSqliteMessageStore } from "./message-store.ts";
import { createSqliteOutbox } from "./outbox.ts";
import { createSqliteParkedStatuses } from "./parked-statuses.ts";
import { createSqliteQuotaCounters } from "./quota-counters.ts";
import { createSqliteQuotaLedger } from "./quota-ledger.ts";
import { createSqliteRecipients } from "./recipients.ts";
import { createSqliteRetention } from "./retention.ts";
import { createSqliteWebhookInbox } from "./webhook-inbox.ts";

/** One file behind the ports that share its commits. */
export interface SqliteStore extends Store {
  readonly quotaCounters: QuotaCounters;
  /** Finishes what was asked of it and lets go of the file. What is asked of it later is `Unavailable`. */
  close(): Promise<void>;
  /** Closes it, and removes the file if this opening made it: for a start that fails. */
  discard(): Promise<void>;
}

export interface SqliteStoreOptions {
  readonly clock: Clock;
  /**
   * `full` (the default): what was answered survives a loss of power. `normal`: it survives the end of the process only.
   */
  readonly synchronous?: "full" | "normal";
  /** A new store is stamped with it; one that was stamped otherwise is refused. Default `live`. */
  readonly stamp?: Stamp;
  /** How many status updates are kept whose message is not known yet. Default 100,000. */
  readonly parkedStatusCapacity?: number;
}

/**
 * Opens the store in the file at `path`, makes it where there is none, and brings an older one up to date. The file
 * belongs to this opening alone until it is closed or its process has ended: another one is `Unavailable`. So is a file
 * that is damaged, is not ours, or cannot be written. Its owner alone can read it. Once it was deleted, moved or replaced,
 * whatever is asked of the store is `Unavailable`.
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions): R<SqliteStore, Unavailable> {
  const { clock, synchronous = "full", stamp = "live", parkedStatusCapacity = 100_000 } = options;
  if (path === "" || path === ":memory:") return errAsync(unavailable("a store in SQLite needs a file"));
  const thread = startDatabaseThread({ path, synchronous, stamp, parkedStatusCapacity });
  const commits = createGroupCommit(thread.run);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= commits.drain().then(thread.close));
  /** Continues from the file's latest time where the wall clock was set back since: what was due is due on time. */
  const timeFrom = (latest: number) => createSteadyTime(clock, new Date(Math.max(latest, clock.now().getTime())));
  const storeOf = (isNew: boolean, time: SteadyTime): SqliteStore => ({
    messages: byClock(createSqliteMessageStore(commits, time), clock),
    outbox: byClock(createSqliteOutbox(commits, time), clock),
    quotaLedger: createSqliteQuotaLedger(commits),
    quotaCounters: createSqliteQuotaCounters(commits),
    parkedStatuses: createSqliteParkedStatuses(commits, time),
    inbox: createSqliteWebhookInbox(commits, time),
    recipients: createSqliteRecipients(commits),
    retention: createSqliteRetention(commits, time),
    health: { check: () => commits.call("takeCommit") },
    close,
    async discard() {
      await close();
      if (isNew) removeDatabaseFile(resolve(path));
    },
  });
  return ResultAsync.fromSafePromise(thread.opened).andThen((opened) =>
    "failure" in opened
      ? err(unavailable(opened.failure))
      : ok(storeOf(opened.answers[0] === true, timeFrom(Number(opened.answers[1])))),
  );
}
