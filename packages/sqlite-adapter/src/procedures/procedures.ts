import type { DatabaseSync } from "node:sqlite";

import { type BacklogProcedures, createBacklogProcedures } from "./backlog.ts";
import { createErasureProcedures, type ErasureProcedures } from "./erasure.ts";
import { createMessageCountProcedures, type MessageCountProcedures } from "./message-count.ts";
import { createMessageListProcedures, type MessageListProcedures } from "./message-list.ts";
import { createMessageQueueProcedures, type MessageQueueProcedures } from "./message-queue.ts";
import { createMessageStoreProcedures, type MessageStoreProcedures } from "./message-store.ts";
import { createOutboxProcedures, type OutboxProcedures } from "./outbox.ts";
import { createParkedStatusesProcedures, type ParkedStatusesProcedures } from "./parked-statuses.ts";
import { createPausesProcedures, type PausesProcedures } from "./pauses.ts";
import { createQuotaCountersProcedures, type QuotaCountersProcedures } from "./quota-counters.ts";
import { createQuotaLedgerProcedures, type QuotaLedgerProcedures } from "./quota-ledger.ts";
import { createRecipientsProcedures, type RecipientsProcedures } from "./recipients.ts";
import { createRestoreProcedures, type RestoreProcedures } from "./restore.ts";
import { createRetentionProcedures, type RetentionProcedures } from "./retention.ts";
import { createStoreHealthProcedures, type StoreHealthProcedures } from "./store-health.ts";
import { createUndeliveredProcedures, type UndeliveredProcedures } from "./undelivered.ts";
import { createWebhookInboxProcedures, type WebhookInboxProcedures } from "./webhook-inbox.ts";

/**
 * What the database thread does for the ports, one file per port. Rows are tuples, which are cheap to pass between threads.
 * Times are milliseconds since the epoch.
 */
export interface Procedures
  extends
    BacklogProcedures,
    ErasureProcedures,
    MessageCountProcedures,
    MessageListProcedures,
    MessageQueueProcedures,
    MessageStoreProcedures,
    OutboxProcedures,
    ParkedStatusesProcedures,
    PausesProcedures,
    QuotaCountersProcedures,
    QuotaLedgerProcedures,
    RecipientsProcedures,
    RestoreProcedures,
    RetentionProcedures,
    StoreHealthProcedures,
    UndeliveredProcedures,
    WebhookInboxProcedures {}

export interface ProceduresOptions {
  /** The number of this opening of the file. */
  readonly opening: number;
  readonly parkedStatusCapacity: number;
}

export function createProcedures(
  database: DatabaseSync,
  { opening, parkedStatusCapacity }: ProceduresOptions,
): Procedures {
  const { enqueue, ...outbox } = createOutboxProcedures(database);
  const { keepLine, ...queue } = createMessageQueueProcedures(database);
  const { match, ...parkedStatuses } = createParkedStatusesProcedures(database, parkedStatusCapacity);
  const { recount, ...quotaLedger } = createQuotaLedgerProcedures(database);
  return {
    ...createMessageStoreProcedures(database, opening, { enqueue, keepLine, match, recount }),
    ...queue,
    ...createMessageCountProcedures(database),
    ...createMessageListProcedures(database),
    ...outbox,
    ...createUndeliveredProcedures(database),
    ...parkedStatuses,
    ...quotaLedger,
    ...createQuotaCountersProcedures(database),
    ...createWebhookInboxProcedures(database, enqueue),
    ...createRecipientsProcedures(database),
    ...createRetentionProcedures(database),
    ...createStoreHealthProcedures(database),
    ...createErasureProcedures(database),
    ...createRestoreProcedures(database),
    ...createBacklogProcedures(database),
    ...createPausesProcedures(database),
  };
}
