import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

export interface OutboxProcedures {
  claim(topic: Topic, now: number, leaseUntil: number, limit: number): readonly ClaimedRow[];
  /** Notes an entry that waited for `lateMs`. Null: the entries are unwanted, and go like delivered ones, but are not noted. */
  deliver(ids: readonly string[], now: number, lateMs: number | null): void;
  bury(ids: readonly string[], now: number, why: string | null): void;
  retry(ids: readonly string[], dueAt: number, isUntried: boolean, why: string | null): void;
  /** The dead entries of a topic, or only those whose ids begin with a message's prefix. */
  revive(topic: Topic, now: number, prefix: string | null): number;
  /** The queues of the entries whose ids begin with a message's prefix. */
  hasten(prefix: string, now: number): void;
  discard(topic: Topic): number;
}

/** Returns the ids of the entries that entered leased. */
export type Enqueue = (entries: readonly EntryRow[]) => readonly string[];

type Topic = "history" | "webhook" | "status";
export type EntryRow = readonly [
  id: string,
  topic: Topic,
  tenantId: string,
  queue: string,
  enqueuedAt: number,
  entry: string,
  /** Null if it waits for a claim. */
  leaseUntil: number | null,
];
type ClaimedRow = readonly [id: string, entry: string, enqueuedAt: number, earlierClaims: number];
type Queue = readonly [topic: string, tenantId: string, queue: string];

const nothing: readonly string[] = [];

/** The first waiting entry of each queue has a due time and can be claimed. Settling it makes the next one due. */
export function createOutboxProcedures(database: DatabaseSync): OutboxProcedures & { enqueue: Enqueue } {
  const insert = prepare(
    database,
    `INSERT INTO outbox (id, topic, tenant_id, queue, enqueued_at, entry, due_at)
     VALUES (?, ?, ?, ?, ?, ?, iif(
       EXISTS (SELECT 1 FROM outbox WHERE topic = ? AND tenant_id = ? AND queue = ? AND state = 'waiting'), NULL, ?))
     ON CONFLICT (id) DO NOTHING`,
  );
  // Adds nothing if an earlier entry of the queue is waiting.
  const insertLeased = prepare(
    database,
    `INSERT INTO outbox (id, topic, tenant_id, queue, enqueued_at, entry, due_at, is_leased, claims)
     SELECT ?, ?, ?, ?, ?, ?, ?, 1, 1 WHERE NOT EXISTS (
       SELECT 1 FROM outbox WHERE topic = ? AND tenant_id = ? AND queue = ? AND state = 'waiting')
     ON CONFLICT (id) DO NOTHING`,
  );
  const lease = prepare<readonly [...ClaimedRow, sequence: number]>(
    database,
    `UPDATE outbox SET due_at = ?, is_leased = 1, claims = claims + 1
     WHERE sequence IN (
       SELECT sequence FROM outbox WHERE topic = ? AND due_at <= ? ORDER BY due_at, sequence LIMIT ?)
     RETURNING id, entry, enqueued_at, claims - 1, sequence`,
  );
  const remove = prepare<readonly [...Queue, id: string, enqueuedAt: number, claims: number, why: string | null]>(
    database,
    `DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?)) AND due_at IS NOT NULL
     RETURNING topic, tenant_id, queue, id, enqueued_at, claims, why`,
  );
  const noteDelivery = prepare(
    database,
    `INSERT OR REPLACE INTO late_deliveries (id, enqueued_at, delivered_at, claims, why) VALUES (?, ?, ?, ?, ?)`,
  );
  const kill = prepare<Queue>(
    database,
    `UPDATE outbox SET state = 'dead', due_at = NULL, is_leased = 0, why = coalesce(?, why)
     WHERE id IN (SELECT value FROM json_each(?)) AND due_at IS NOT NULL RETURNING topic, tenant_id, queue`,
  );
  const moveUp = prepare(
    database,
    `UPDATE outbox SET due_at = ? WHERE sequence IN (
       SELECT (SELECT min(sequence) FROM outbox
         WHERE topic = value ->> 0 AND tenant_id = value ->> 1 AND queue = value ->> 2 AND state = 'waiting')
       FROM json_each(?))`,
  );
  const postpone = prepare(
    database,
    `UPDATE outbox SET due_at = ?, is_leased = 0, claims = claims - ?, why = coalesce(?, why)
     WHERE id IN (SELECT value FROM json_each(?)) AND due_at IS NOT NULL`,
  );
  const dead = prepare<[string]>(
    database,
    `SELECT id FROM outbox WHERE topic = ? AND state = 'dead' ORDER BY sequence`,
  );
  const deadOfMessage = prepare<[string]>(
    database,
    `SELECT id FROM outbox WHERE ${inRange} AND state = 'dead' ORDER BY sequence`,
  );
  const endWait = prepare(
    database,
    `UPDATE outbox SET due_at = ? WHERE due_at > ? AND NOT is_leased AND (topic, tenant_id, queue) IN (
       SELECT topic, tenant_id, queue FROM outbox WHERE ${inRange} AND state = 'waiting')`,
  );
  const reenter = prepare(
    database,
    `UPDATE outbox SET sequence = (SELECT max(sequence) + 1 FROM outbox), state = 'waiting', claims = 0, why = NULL,
       enqueued_at = ?, due_at = iif(
         EXISTS (SELECT 1 FROM outbox AS other WHERE other.topic = outbox.topic AND other.tenant_id = outbox.tenant_id
           AND other.queue = outbox.queue AND other.state = 'waiting'), NULL, ?)
     WHERE id = ?`,
  );

  const forget = prepare<[string]>(database, `DELETE FROM outbox WHERE topic = ? AND state = 'dead' RETURNING id`);

  function end(queues: readonly Queue[], now: number): void {
    if (queues.length > 0) moveUp.run(now, JSON.stringify(queues));
  }

  function deliver(ids: readonly string[], now: number, lateMs: number | null): void {
    const removed = remove.all(JSON.stringify(ids));
    for (const [topic, , , id, enqueuedAt, claims, why] of removed) {
      if (lateMs === null || topic === "webhook" || (why === null && now - enqueuedAt < lateMs)) continue;
      noteDelivery.run(id, enqueuedAt, now, claims, why);
    }
    end(
      removed.map(([topic, tenantId, queue]) => [topic, tenantId, queue]),
      now,
    );
  }

  return {
    enqueue(entries) {
      if (entries.length === 0) return nothing;
      const leased: string[] = [];
      for (const entry of entries) {
        const [id, topic, tenantId, queue, enqueuedAt, text, leaseUntil] = entry;
        if (leaseUntil !== null && insertLeased.run(...entry, topic, tenantId, queue) > 0) leased.push(id);
        else insert.run(id, topic, tenantId, queue, enqueuedAt, text, topic, tenantId, queue, enqueuedAt);
      }
      return leased;
    },
    claim: (topic, now, leaseUntil, limit) =>
      lease
        .all(leaseUntil, topic, now, limit)
        .toSorted((a, b) => a[4] - b[4])
        .map(([id, entry, enqueuedAt, earlierClaims]) => [id, entry, enqueuedAt, earlierClaims]),
    deliver,
    bury: (ids, now, why) => end(kill.all(why, JSON.stringify(ids)), now),
    retry: (ids, dueAt, isUntried, why) => void postpone.run(dueAt, isUntried ? 1 : 0, why, JSON.stringify(ids)),
    hasten: (prefix, now) => void endWait.run(now, now, ...rangeOf(prefix)),
    revive(topic, now, prefix) {
      const ids = prefix === null ? dead.all(topic) : deadOfMessage.all(...rangeOf(prefix));
      for (const [id] of ids) reenter.run(now, now, id);
      return ids.length;
    },
    discard: (topic) => forget.all(topic).length,
  };
}

/** Of the ids that begin with a message's prefix and have no colon after it. Its parameters are those of `rangeOf`. */
export const inRange = "id > ? AND id < ? AND instr(substr(id, length(?) + 1), ':') = 0";

/** A message's prefix ends with a colon. The semicolon is the character after the colon. */
export function rangeOf(prefix: string): readonly [after: string, before: string, prefix: string] {
  return [prefix, `${prefix.slice(0, -1)};`, prefix];
}
