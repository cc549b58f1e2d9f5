import { createSystemClock } from "@message-sender/core/node";
import { err, ok, type Result } from "neverthrow";

import { sqlitePath, storeKind } from "./database-url.ts";
import { openStore } from "./open-store.ts";

/** The schema versions of a store before and after a migration: the number of the newest migration, 0 for a new store. */
export interface StoreMigrated {
  readonly from: number;
  readonly to: number;
}

/** Why a store could not be migrated. */
export interface StoreNotMigrated {
  readonly reason: string;
}

/** Applies the pending migrations of the store at a database URL, and creates a store that does not exist. */
export async function migrateStore(databaseUrl: string): Promise<Result<StoreMigrated, StoreNotMigrated>> {
  const before = await versionOf(databaseUrl);
  if (before.isErr()) return err(before.error);
  const opened = await openStore(databaseUrl, { clock: createSystemClock(), stamp: "live" });
  if (opened.isErr()) return err(opened.error);
  await opened.value.close?.();
  const after = await versionOf(databaseUrl);
  return after.map((to) => ({ from: before.value, to }));
}

async function versionOf(databaseUrl: string): Promise<Result<number, StoreNotMigrated>> {
  switch (storeKind(databaseUrl)) {
    case "memory":
      return ok(0);
    case "postgres": {
      const { inspectPostgresStore } = await import("@message-sender/postgres-adapter");
      return inspectPostgresStore(databaseUrl).map(({ schemaVersion }) => schemaVersion);
    }
    case "sqlite": {
      const { inspectSqliteStore } = await import("@message-sender/sqlite-adapter");
      const path = sqlitePath(databaseUrl);
      return inspectSqliteStore(path).andThen((found) => {
        if (found.kind === "InUse") return err({ reason: `${path} is in use by another process: stop it first` });
        return ok(found.kind === "Missing" ? 0 : found.schemaVersion);
      });
    }
  }
}
