import type {
  Clock,
  NumberRates,
  QuotaCounters,
  Stamp,
  Store as CoreStore,
  Telemetry,
} from "@message-sender/core/adapter";
import type { BackupSource } from "@message-sender/http-adapter/inbound";
import { ok, type Result } from "neverthrow";

import { sqlitePath, storeKind } from "./database-url.ts";

/** The store of a sender, and how to close it. */
export interface Store extends CoreStore {
  readonly quotaCounters: QuotaCounters;
  /** Where processes with the same store share the rates of their numbers. */
  readonly numberRates?: NumberRates;
  /** Waits for the calls in flight, and closes the store. */
  close?(): Promise<void>;
  /** Frees memory that the store no longer needs. Calls may wait for it, so it is for a moment at which nothing happens. */
  releaseMemory?(): void;
  /** Begins a copy of the store while it is in use. Only for a store in SQLite. */
  readonly backup?: BackupSource;
  /** Closes the store, and deletes its file if opening the store created it. */
  discard?(): Promise<void>;
}

/**
 * Opens the store at a database URL, and loads only its adapter. A durable store is stamped when it is created, and refuses to be
 * opened with the other stamp.
 */
export async function openStore(
  databaseUrl: string,
  options: {
    readonly clock: Clock;
    readonly stamp: Stamp;
    readonly processLeaseMs?: number;
    readonly partitionDays?: number;
    readonly telemetry?: Telemetry;
  },
): Promise<Result<Store, { readonly reason: string }>> {
  switch (storeKind(databaseUrl)) {
    case "memory": {
      const { createInMemoryStore } = await import("@message-sender/core/in-memory");
      return ok(createInMemoryStore(options));
    }
    case "sqlite": {
      const { openSqliteStore } = await import("@message-sender/sqlite-adapter");
      return openSqliteStore(sqlitePath(databaseUrl), options);
    }
    case "postgres": {
      const { openPostgresStore } = await import("@message-sender/postgres-adapter");
      return openPostgresStore(databaseUrl, options);
    }
  }
}
