import { type Clock, decodeHistoryEntry, type Outbox } from "@message-sender/core";
import { okAsync, ResultAsync } from "neverthrow";

import type { Database } from "./database.ts";
import { toUnavailable } from "./failure.ts";

interface ClaimedRow {
  readonly entry_id: string;
  readonly claimed_entry: string;
  readonly entered_at: Date;
  readonly earlier_claims: number;
}

const claimEntries = { name: "claim", text: "SELECT * FROM claim_entries($1, $2, $3)" };
const settleEntries = { name: "settle", text: "SELECT settle_entries($1, $2, $3)" };

/** A claim that is repeated gives others; what the lost one took is due again at the end of its lease. */
export function createOutbox(database: Database, clock: Clock): Outbox {
  return {
    claim({ limit, leaseMs }) {
      const now = clock.now();
      const values = [limit, now, new Date(now.getTime() + leaseMs)];
      return ResultAsync.fromPromise(database.run<ClaimedRow>(claimEntries, values), toUnavailable).map(({ rows }) =>
        rows.map((row) => ({
          id: row.entry_id,
          entry: decodeHistoryEntry(row.claimed_entry),
          enqueuedAt: row.entered_at,
          earlierClaims: row.earlier_claims,
        })),
      );
    },
    settle(ids, as) {
      if (ids.length === 0) return okAsync(undefined);
      const [verdict, at] = typeof as === "object" ? ["retry", as.retryAt] : [as, clock.now()];
      return ResultAsync.fromPromise(database.run(settleEntries, [ids, verdict, at]), toUnavailable).map(
        () => undefined,
      );
    },
  };
}
