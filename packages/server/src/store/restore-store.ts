import { createSystemClock } from "@message-sender/core/node";
import { existsSync } from "node:fs";
import { err, ok, type Result } from "neverthrow";

import { sqlitePath, storeKind } from "./database-url.ts";

/** How many messages of a restored store were unfinished, and are held now. */
export interface StoreRestored {
  readonly held: number;
}

/**
 * Prepares a store that was restored from a backup: what was unfinished in it is held, so that nothing is sent twice. SQLite: a file
 * that is not a fresh backup is left as it is.
 */
export async function restoreStore(databaseUrl: string): Promise<Result<StoreRestored, { readonly reason: string }>> {
  const clock = createSystemClock();
  switch (storeKind(databaseUrl)) {
    case "memory":
      return err({ reason: "an in-memory store cannot be restored" });
    case "postgres": {
      const { restorePostgresStore } = await import("@message-sender/postgres-adapter");
      return restorePostgresStore(databaseUrl, { clock });
    }
    case "sqlite": {
      const { openSqliteStore } = await import("@message-sender/sqlite-adapter");
      const path = sqlitePath(databaseUrl);
      if (!existsSync(path)) return err({ reason: `${path} does not exist: copy the backup there first` });
      const opened = await openSqliteStore(path, { clock });
      if (opened.isErr()) return err(opened.error);
      await opened.value.close();
      return ok({ held: opened.value.held });
    }
  }
}
