import { randomUUID } from "node:crypto";

import { byClock, safeTelemetry } from "@message-sender/core/adapter";

import { createBacklog } from "./backlog.ts";
import type { BatchEnd } from "./database/batcher.ts";
import type { Database } from "./database/database.ts";
import { createErasure } from "./erasure.ts";
import { createMessageQueue } from "./message-queue.ts";
import { createMessageStore } from "./message-store.ts";
import { createNumberRates } from "./number-rates.ts";
import { createOutbox } from "./outbox.ts";
import { createPartitions } from "./partitions/partitions.ts";
import { createParkedStatuses } from "./parked-statuses.ts";
import { createPauses } from "./pauses.ts";
import type { PostgresStore, PostgresStoreOptions } from "./postgres-store.ts";
import { type Heartbeat, startHeartbeat } from "./processes/heartbeat.ts";
import { sharedTime } from "./processes/shared-time.ts";
import { createQuotaCounters } from "./quota-counters.ts";
import { createQuotaLedger } from "./quota-ledger.ts";
import { createRecipients } from "./recipients.ts";
import { createRetention } from "./retention.ts";
import { migrate } from "./schema/migrate.ts";
import { ensureStamp } from "./schema/stamp.ts";
import { createStoreHealth } from "./store-health.ts";
import { createWebhookInbox } from "./webhook-inbox.ts";

/** An open store, and the heartbeat of its process. */
export interface Opened {
  readonly store: PostgresStore;
  readonly heartbeat: Heartbeat;
  /** The id of the process in the store. */
  readonly owner: string;
}

/**
 * Opens the store in the schema of `database`. Closing the store closes the database. `monotonicMs`: the time by which the process counts
 * its lease.
 */
export async function openOnDatabase(
  database: Database,
  options: Omit<PostgresStoreOptions, "maxConnections" | "schema">,
  monotonicMs = () => performance.now(),
): Promise<Opened> {
  const { clock, processLeaseMs = 4000, partitionDays = 2 } = options;
  const { stamp = "live", parkedStatusCapacity = 100_000 } = options;
  if (!Number.isInteger(partitionDays) || partitionDays < 1 || partitionDays > 31) {
    throw new Error("partitionDays must be a whole number from 1 to 31");
  }
  await database.withTransaction(async (client) => {
    await migrate(client, database.schema);
    await ensureStamp(client, stamp);
  });
  const owner = randomUUID();
  const time = await sharedTime(database, clock);
  const heartbeat = await startHeartbeat(database, owner, time, { leaseMs: processLeaseMs, monotonicMs });
  const telemetry = options.telemetry && safeTelemetry(options.telemetry);
  const onBatch = telemetry && ((end: BatchEnd) => telemetry.record({ kind: "StoreBatchEnded", ...end }));
  const partitions = createPartitions(database, time, { days: partitionDays });
  const { idle, oldestWaitMs, ...messages } = createMessageStore(database, owner, time, partitions, onBatch);
  const store: PostgresStore = {
    messages: byClock(messages, clock),
    queue: byClock(createMessageQueue(database, owner, time, heartbeat), clock),
    lease: heartbeat.lease,
    outbox: byClock(createOutbox(database, time), clock),
    quotaLedger: createQuotaLedger(database, owner),
    quotaCounters: createQuotaCounters(database, clock),
    numberRates: createNumberRates(database, clock),
    parkedStatuses: createParkedStatuses(database, time, parkedStatusCapacity),
    webhookInbox: createWebhookInbox(database, time),
    recipients: createRecipients(database),
    erasure: createErasure(database),
    retention: createRetention(database, time),
    health: createStoreHealth(database, owner),
    load: { oldestWaitMs },
    backlog: byClock(createBacklog(database, time), clock),
    pauses: createPauses(database),
    async close() {
      await idle();
      await heartbeat.stop();
      await database.close();
    },
  };
  return { store, heartbeat, owner };
}
