import { randomUUID } from "node:crypto";

import {
  byClock,
  type Clock,
  type QuotaCounters,
  type R,
  type Stamp,
  type Store,
  type Unavailable,
} from "@message-sender/core";
import { ResultAsync } from "neverthrow";

import { createDatabase } from "./database/database.ts";
import { toUnavailable } from "./database/failure.ts";
import { createMessageStore } from "./message-store.ts";
import { migrate } from "./schema/migrate.ts";
import { timeOf } from "./processes/shared-time.ts";
import { createOutbox } from "./outbox.ts";
import { createParkedStatuses } from "./parked-statuses.ts";
import { announce } from "./processes/heartbeat.ts";
import { createQuotaCounters } from "./quota-counters.ts";
import { createQuotaLedger } from "./quota-ledger.ts";
import { createRecipients } from "./recipients.ts";
import { createRetention } from "./retention.ts";
import { createStoreHealth } from "./store-health.ts";
import { createWebhookInbox } from "./webhook-inbox.ts";

/** One store behind the ports that share its commits; several processes may have it open. */
export interface PostgresStore extends Store {
  readonly quotaCounters: QuotaCounters;
  /** Lets what is under way end, and says goodbye: what is unfinished is overdue for the others at once. */
  close(): Promise<void>;
}

export interface PostgresStoreOptions {
  /** What lasts goes by its monotonic time; what is due, and which process is alive, goes by the database's clock. */
  readonly clock: Clock;
  /** Default 10; 6 or more keeps reads from waiting for writes. */
  readonly maxConnections?: number;
  /** Holds everything the store keeps: lower-case letters, digits and `_`. Default `message_sender`. */
  readonly schema?: string;
  /** A new store is stamped with it; one that was stamped otherwise is refused. Default `live`. */
  readonly stamp?: Stamp;
  /** How many status updates are kept whose message is not known yet. Default 100,000. */
  readonly parkedStatusCapacity?: number;
}

/** Opens the store at a `postgres:` URL, and brings its schema up to date first. */
export function openPostgresStore(url: string, options: PostgresStoreOptions): R<PostgresStore, Unavailable> {
  return ResultAsync.fromPromise(open(url, options), toUnavailable);
}

async function open(url: string, options: PostgresStoreOptions): Promise<PostgresStore> {
  const { clock, maxConnections = 10, schema = "message_sender" } = options;
  const { stamp = "live", parkedStatusCapacity = 100_000 } = options;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw new Error(`"${schema}" is no name for a schema`);
  const database = createDatabase(url, { maxConnections, schema });
  try {
    await migrate(database, schema, stamp);
    const owner = randomUUID();
    const presence = await announce(database, owner);
    const time = await timeOf(database, clock);
    const { idle, ...messages } = createMessageStore(database, owner, time);
    return {
      messages: byClock(messages, clock),
      outbox: byClock(createOutbox(database, time), clock),
      quotaLedger: createQuotaLedger(database, owner),
      quotaCounters: createQuotaCounters(database, clock),
      parkedStatuses: createParkedStatuses(database, time, parkedStatusCapacity),
      inbox: createWebhookInbox(database, time),
      recipients: createRecipients(database),
      retention: createRetention(database, time),
      health: createStoreHealth(database, owner),
      async close() {
        await idle();
        await presence.leave();
        await database.close();
      },
    };
  } catch (cause) {
    await database.close();
    throw cause;
  }
}
