import type { Clock, NumberRates, QuotaCounters, Stamp, Store, Telemetry } from "@message-sender/core/adapter";

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
  /**
   * How many days of messages are in one partition of the tables, 1 to 31. A partition is dropped as a whole, when its last message is past
   * its retention: what is in it is kept for up to this time longer. Each partition makes a statement dearer, so let there be about 20.
   * Default 2, for a retention of 30 days. A new value is for partitions that are made later.
   */
  readonly partitionDays?: number;
  /** Receives `StoreBatchEnded` for each batch of accepts or commits. */
  readonly telemetry?: Telemetry;
}
