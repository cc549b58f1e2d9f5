import type { Clock, QuotaCounters, R, Store, Unavailable } from "@message-sender/core";
import { err, ok, ResultAsync } from "neverthrow";

import { startDatabaseThread } from "./database-thread.ts";
import { createGroupCommit, unavailable } from "./group-commit.ts";
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
}

export interface SqliteStoreOptions {
  readonly clock: Clock;
  /**
   * `full` (the default): what was answered survives a loss of power. `normal`: it survives the end of the process only.
   */
  readonly synchronous?: "full" | "normal";
}

/**
 * Opens the store in the file at `path`, makes it where there is none, and brings an older one up to date. The file
 * belongs to this opening alone until it is closed or its process has ended: another one is `Unavailable`. So is a file
 * that is damaged, is not ours, or cannot be written.
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions): R<SqliteStore, Unavailable> {
  const { clock, synchronous = "full" } = options;
  const thread = startDatabaseThread({ path, synchronous });
  const commits = createGroupCommit(thread.run);
  let closing: Promise<void> | undefined;
  const store: SqliteStore = {
    messages: createSqliteMessageStore(commits, clock),
    outbox: createSqliteOutbox(commits, clock),
    quotaLedger: createSqliteQuotaLedger(commits),
    quotaCounters: createSqliteQuotaCounters(commits),
    parkedStatuses: createSqliteParkedStatuses(commits, clock),
    inbox: createSqliteWebhookInbox(commits, clock),
    recipients: createSqliteRecipients(commits),
    retention: createSqliteRetention(commits),
    close: () => (closing ??= commits.drain().then(thread.close)),
  };
  return ResultAsync.fromSafePromise(thread.opened).andThen((opened) =>
    "failure" in opened ? err(unavailable(opened.failure)) : ok(store),
  );
}
