import type { StoreHealth } from "@message-sender/core/adapter";

import type { Database } from "./database/database.ts";
import { done } from "./database/rows-of.ts";

const probeCommit = { name: "probe commit", text: "SELECT probe_commit($1)" };

/** The commit that proves the health is a heartbeat. */
export function createStoreHealth(database: Database, owner: string): StoreHealth {
  return { check: () => done(database, probeCommit, [owner]) };
}
