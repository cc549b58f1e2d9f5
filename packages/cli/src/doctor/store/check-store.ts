import type { Settings } from "@message-sender/server/settings";
import { storeKind } from "@message-sender/server/store";

import { passed } from "../check.ts";
import { checkPostgres } from "./check-postgres.ts";
import { checkSqlite } from "./check-sqlite.ts";
import type { StoreFinding } from "./store-finding.ts";

/** Checks the store at `DATABASE_URL` without changing it. */
export function checkStore(settings: Settings): Promise<StoreFinding> {
  switch (storeKind(settings.DATABASE_URL)) {
    case "memory": {
      const check = passed("in-memory store, which loses all messages when the server stops");
      return Promise.resolve({ checks: [check], facts: { kind: "memory" } });
    }
    case "sqlite":
      return checkSqlite(settings);
    case "postgres":
      return checkPostgres(settings.DATABASE_URL);
  }
}
