import {
  type ClaimedEntry,
  type ClaimOptions,
  decodeEachStored,
  decodeOutboxEntry,
  type Outbox,
  type OutboxEntries,
  outboxPrefixOf,
  type SteadyTime,
  type Topic,
} from "@message-sender/core/adapter";
import { okAsync } from "neverthrow";

import type { Database } from "./database/database.ts";
import { done, rowsOf } from "./database/rows-of.ts";
import { textArray } from "./database/text-array.ts";
import { createUndelivered } from "./undelivered.ts";

interface ClaimedRow {
  readonly entry_id: string;
  readonly claimed_entry: string;
  readonly entered_at: Date;
  readonly earlier_claims: number;
}

const claimEntries = { name: "claim", text: "SELECT * FROM claim_entries($1, $2, $3, $4)" };
const settleEntries = { name: "settle", text: "SELECT settle_entries($1, $2, $3, $4)" };
const reviveEntries = { name: "revive", text: "SELECT revive_entries($1, $2, $3) AS revived" };
const hastenEntries = { name: "hasten", text: "SELECT hasten_entries($1, $2)" };
const discardEntries = {
  name: "discard",
  text: "WITH gone AS (DELETE FROM dead_entries WHERE topic = $1 RETURNING id) SELECT count(*)::integer AS discarded FROM gone",
};

/**
 * A repeated claim leases other entries; those of the lost run are due again when their lease ends. A repeated revival or
 * discard counts only what the lost run left.
 */
export function createOutbox(database: Database, time: SteadyTime): Outbox {
  return {
    claim<T extends Topic>(topic: T, { limit, leaseMs }: ClaimOptions) {
      const now = time.now();
      const values = [topic, limit, new Date(now), new Date(now + leaseMs)];
      return rowsOf<ClaimedRow>(database, claimEntries, values).andThen((rows) =>
        decodeEachStored(rows, (row): ClaimedEntry<OutboxEntries[T]> => ({
          id: row.entry_id,
          entry: decodeOutboxEntry(topic, row.claimed_entry),
          enqueuedAt: time.toWall(row.entered_at.getTime()),
          earlierClaims: row.earlier_claims,
        })),
      );
    },
    settle(ids, as, why) {
      if (ids.length === 0) return okAsync(undefined);
      const [verdict, at] =
        typeof as === "object" ? [as.untried ? "untried" : "retry", time.of(as.retryAt)] : [as, time.now()];
      return done(database, settleEntries, [textArray(ids), verdict, new Date(at), why ?? null]);
    },
    revive(topic, messageId) {
      const prefix = messageId === undefined ? null : outboxPrefixOf(topic, messageId);
      return rowsOf<{ revived: number }>(database, reviveEntries, [topic, new Date(time.now()), prefix]).map(
        ([row]) => row?.revived ?? 0,
      );
    },
    hasten: (messageId) => done(database, hastenEntries, [outboxPrefixOf("history", messageId), new Date(time.now())]),
    ...createUndelivered(database, time),
    discard: (topic) =>
      rowsOf<{ discarded: number }>(database, discardEntries, [topic]).map(([row]) => row?.discarded ?? 0),
  };
}
