import {
  type DeadQuery,
  partsOfOutboxId,
  inOrderOfVersions,
  type MessageTopic,
  outboxPrefixOf,
  type SteadyTime,
  type UndeliveredEntry,
} from "@message-sender/core/adapter";

import type { Database } from "./database/database.ts";
import { rowsOf } from "./database/rows-of.ts";

interface UndeliveredRow {
  readonly id: string;
  readonly enqueued_at: Date;
  readonly state: UndeliveredEntry["state"];
  readonly claims: number;
  readonly due_at: Date | null;
  readonly why: string | null;
}

interface DeliveredRow extends Pick<UndeliveredRow, "id" | "enqueued_at" | "claims" | "why"> {
  readonly delivered_at: Date;
}

// The facts of a queue are those of its first entry.
const ofMessage = {
  name: "undelivered",
  text: `SELECT o.id, o.enqueued_at,
      CASE WHEN first.id = o.id AND l.is_leased AND l.due_at > $2 THEN 'leased' ELSE 'waiting' END AS state,
      CASE WHEN first.id = o.id THEN l.claims ELSE 0 END AS claims,
      CASE WHEN first.id = o.id AND l.due_at > $2 THEN l.due_at END AS due_at,
      CASE WHEN first.id = o.id THEN l.why END AS why
    FROM unnest($1::text[]) AS of (prefix), entries_of(of.prefix) o JOIN outbox_queues l ON l.id = o.queue,
      LATERAL (SELECT f.id FROM outbox f WHERE f.queue = o.queue ORDER BY f.sequence LIMIT 1) first
    UNION ALL
    SELECT d.id, d.enqueued_at, 'dead', d.claims, NULL, d.why FROM unnest($1::text[]) AS of (prefix), dead_entries_of(of.prefix) d`,
};
const ofDelivered = {
  name: "delivered",
  text: `SELECT l.id, l.enqueued_at, l.delivered_at, l.claims, l.why FROM unnest($1::text[]) AS of (prefix), late_deliveries l
    WHERE l.id > of.prefix AND l.id < left(of.prefix, -1) || ';' AND strpos(substr(l.id, length(of.prefix) + 1), ':') = 0`,
};
const dead = {
  name: "dead",
  text: `SELECT id, enqueued_at, 'dead' AS state, claims, NULL AS due_at, why FROM dead_entries
    WHERE topic = $1 ORDER BY sequence LIMIT $2`,
};
const deadOfTenant = {
  name: "dead of tenant",
  text: `SELECT id, enqueued_at, 'dead' AS state, claims, NULL AS due_at, why FROM dead_entries
    WHERE topic = $1 AND tenant_id = $3 ORDER BY sequence LIMIT $2`,
};

/** What is left to deliver, for people. */
export function createUndelivered(database: Database, time: SteadyTime) {
  const toEntry = ({ id, enqueued_at, state, claims, due_at, why }: UndeliveredRow): UndeliveredEntry => ({
    ...partsOfOutboxId(id),
    enqueuedAt: time.toWall(enqueued_at.getTime()),
    state,
    claims,
    ...(due_at && { dueAt: time.toWall(due_at.getTime()) }),
    ...(why !== null && { why }),
  });
  return {
    undelivered(messageId: string) {
      const prefixes = [outboxPrefixOf("history", messageId), outboxPrefixOf("status", messageId)];
      return rowsOf<UndeliveredRow>(database, ofMessage, [prefixes, new Date(time.now())]).map((rows) =>
        inOrderOfVersions(rows.map(toEntry)),
      );
    },
    delivered(messageId: string) {
      const prefixes = [outboxPrefixOf("history", messageId), outboxPrefixOf("status", messageId)];
      return rowsOf<DeliveredRow>(database, ofDelivered, [prefixes]).map((rows) =>
        inOrderOfVersions(
          rows.map(({ id, enqueued_at, delivered_at, claims, why }) => ({
            ...partsOfOutboxId(id),
            enqueuedAt: time.toWall(enqueued_at.getTime()),
            deliveredAt: time.toWall(delivered_at.getTime()),
            claims,
            ...(why !== null && { why }),
          })),
        ),
      );
    },
    listDead: (topic: MessageTopic, { tenantId, limit }: DeadQuery) =>
      rowsOf<UndeliveredRow>(
        database,
        tenantId === undefined ? dead : deadOfTenant,
        tenantId === undefined ? [topic, limit] : [topic, limit, tenantId],
      ).map((rows) => rows.map(toEntry)),
  };
}
