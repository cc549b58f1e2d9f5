import type { PostgresInspection } from "@message-sender/postgres-adapter";

import { type Check, warned } from "../check.ts";

const longTransactionSeconds = 300;

/** PostgreSQL keeps every row version that the oldest transaction may still see. */
export function vacuumOf({
  longestTransactionSeconds = 0,
}: Pick<PostgresInspection, "longestTransactionSeconds">): readonly Check[] {
  if (longestTransactionSeconds < longTransactionSeconds) return [];
  const problem = `a transaction has run for ${Math.floor(longestTransactionSeconds / 60)} minutes: until it ends, no vacuum removes what is updated or deleted, and the store becomes slow`;
  return [warned("vacuum of PostgreSQL", problem, "find it in pg_stat_activity by xact_start, and end it")];
}
