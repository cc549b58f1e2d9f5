import { randomUUID } from "node:crypto";

import type { Unavailable } from "@message-sender/core";
import {
  byClock,
  type Clock,
  type NumberRates,
  type QuotaCounters,
  safeTelemetry,
  type Stamp,
  type Store,
  type Telemetry,
} from "@message-sender/core/adapter";
import { ResultAsync } from "neverthrow";

import { createBacklog } from "./backlog.ts";
import type { BatchEnd } from "./database/batcher.ts";
import { createDatabase } from "./database/database.ts";
import { toUnavailable } from "./database/failure.ts";
import { createErasure } from "./erasure.ts";
import { createMessageQueue } from "./message-queue.ts";
import { createMessageStore } from "./message-store.ts";
import { createNumberRates } from "./number-rates.ts";
import { createOutbox } from "./outbox.ts";
import { createParkedStatuses } from "./parked-statuses.ts";
import { createPauses } from "./pauses.ts";
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

/** The ports of one store, which share its transactions. Several processes may have the store open. */
export interface PostgresStore extends Store {
  readonly quotaCounters: QuotaCounters;
  /** For pacers: what processes that share the database send from one number keeps to one rate. */
  readonly numberRates: NumberRates;
  /**
   * Waits for the calls in flight, and records that this process has ended: its unfinished messages are overdue for other
   * processes at once.
   */
  close(): Promise<void>;
}

/** The options of `openPostgresStore`. */
export interface PostgresStoreOptions {
  /** Measures durations. The database's clock decides what is due and which processes are alive. */
  readonly clock: Clock;
  /** The maximum number of connections. Default 10. With 6 or more, reads do not wait for writes. */
  readonly maxConnections?: number;
  /** The schema of the store's tables: lower-case letters, digits and `_`. Default `message_sender`. */
  readonly schema?: string;
  /** The kind of messages that the store holds. A new store is stamped with it; a store of the other kind is refused. Default `live`. */
  readonly stamp?: Stamp;
  /** How many status updates are kept while their message is unknown. Default 100,000. */
  readonly parkedStatusCapacity?: number;
  /**
   * How long the lines that this process works on stay its own after its last heartbeat, which it sends four times as often. By its own
   * count that time is a quarter shorter. Default 4,000.
   */
  readonly processLeaseMs?: number;
  /** Receives `StoreBatchEnded` for each batch of accepts or commits. */
  readonly telemetry?: Telemetry;
}

/** An open store, and the heartbeat of its process. */
interface Opened {
  readonly store: PostgresStore;
  readonly heartbeat: Heartbeat;
  /** The id of the process in the store. */
  readonly owner: string;
}

/**
 * Opens the store at a `postgres:` URL, after bringing its schema up to date. A store that is up to date can be opened by a role
 * that may only read and change rows. A store that a newer version has migrated is `Unavailable`.
 */
export function openPostgresStore(url: string, options: PostgresStoreOptions): ResultAsync<PostgresStore, Unavailable> {
  return ResultAsync.fromPromise(
    openWithHeartbeat(url, options).then(({ store }) => store),
    toUnavailable,
  );
}

/**
 * `monotonicMs`: the time by which the process counts its lease.
 *
 * @internal
 */
export async function openWithHeartbeat(
  url: string,
  options: PostgresStoreOptions,
  monotonicMs = () => performance.now(),
): Promise<Opened> {
  const { clock, maxConnections = 10, schema = "message_sender", processLeaseMs = 4000 } = options;
  const { stamp = "live", parkedStatusCapacity = 100_000 } = options;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw new Error(`"${schema}" is not a valid schema name`);
  const database = createDatabase(url, { maxConnections, schema });
  try {
    await database.withTransaction(async (client) => {
      await migrate(client, schema);
      await ensureStamp(client, stamp);
    });
    const owner = randomUUID();
    const time = await sharedTime(database, clock);
    const heartbeat = await startHeartbeat(database, owner, time, { leaseMs: processLeaseMs, monotonicMs });
    const telemetry = options.telemetry && safeTelemetry(options.telemetry);
    const onBatch = telemetry && ((end: BatchEnd) => telemetry.record({ kind: "StoreBatchEnded", ...end }));
    const { idle, oldestWaitMs, ...messages } = createMessageStore(database, owner, time, onBatch);
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
  } catch (cause) {
    await database.close();
    throw cause;
  }
}
