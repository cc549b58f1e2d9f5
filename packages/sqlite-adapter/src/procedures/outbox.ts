import type { DatabaseSync } from "node:sqlite";

import { prepare, type Statement } from "./statement.ts";

export interface OutboxProcedures {
  claim(topic: Topic, now: number, leaseUntil: number, limit: number): readonly ClaimedRow[];
  deliver(ids: readonly string[], now: number): void;
  bury(ids: readonly string[], now: number): void;
  retry(ids: readonly string[], dueAt: number): void;
  revive(topic: Topic, now: number): number;
}

/** Adds entries; of the history if no topic is given. */
export type Enqueue = (entries: readonly EntryRow[], topic?: Topic) => void;

type Topic = "history" | "webhook";
export type EntryRow = readonly [
  id: string,
  tenantId: string,
  conversationId: string,
  enqueuedAt: number,
  entry: string,
];
type ClaimedRow = readonly [id: string, entry: string, enqueuedAt: number, earlierClaims: number];
type Line = readonly [tenantId: string, conversationId: string];

/** The first waiting entry of each conversation has a due time and can be claimed. Settling it makes the next one due. */
export function createOutboxProcedures(database: DatabaseSync): OutboxProcedures & { enqueue: Enqueue } {
  const insert = prepare(
    database,
    `INSERT INTO outbox (id, tenant_id, conversation_id, enqueued_at, entry, topic, due_at)
     VALUES (?, ?, ?, ?, ?, ?, iif(
       EXISTS (SELECT 1 FROM outbox WHERE tenant_id = ? AND conversation_id = ? AND state = 'waiting'), NULL, ?))
     ON CONFLICT (id) DO NOTHING`,
  );
  const lease = prepare<readonly [...ClaimedRow, sequence: number]>(
    database,
    `UPDATE outbox SET due_at = ?, is_leased = 1, claims = claims + 1
     WHERE sequence IN (
       SELECT sequence FROM outbox WHERE topic = ? AND due_at <= ? ORDER BY due_at, sequence LIMIT ?)
     RETURNING id, entry, enqueued_at, claims - 1, sequence`,
  );
  const remove = prepare<Line>(
    database,
    `DELETE FROM outbox WHERE id = ? AND due_at IS NOT NULL RETURNING tenant_id, conversation_id`,
  );
  const kill = prepare<Line>(
    database,
    `UPDATE outbox SET state = 'dead', due_at = NULL, is_leased = 0 WHERE id = ? AND due_at IS NOT NULL
     RETURNING tenant_id, conversation_id`,
  );
  const moveUp = prepare(
    database,
    `UPDATE outbox SET due_at = ? WHERE sequence =
       (SELECT min(sequence) FROM outbox WHERE tenant_id = ? AND conversation_id = ? AND state = 'waiting')`,
  );
  const postpone = prepare(database, `UPDATE outbox SET due_at = ?, is_leased = 0 WHERE id = ? AND due_at IS NOT NULL`);
  const dead = prepare<[string]>(
    database,
    `SELECT id FROM outbox WHERE topic = ? AND state = 'dead' ORDER BY sequence`,
  );
  const reenter = prepare(
    database,
    `UPDATE outbox SET sequence = (SELECT max(sequence) + 1 FROM outbox), state = 'waiting', claims = 0,
       enqueued_at = ?, due_at = iif(
         EXISTS (SELECT 1 FROM outbox AS line WHERE line.tenant_id = outbox.tenant_id
           AND line.conversation_id = outbox.conversation_id AND line.state = 'waiting'), NULL, ?)
     WHERE id = ?`,
  );

  function end(how: Statement<Line>, ids: readonly string[], now: number): void {
    for (const id of ids) {
      const line = how.get(id);
      if (line) moveUp.run(now, ...line);
    }
  }

  return {
    enqueue(entries, topic = "history") {
      for (const entry of entries) {
        const [, tenantId, conversationId, enqueuedAt] = entry;
        insert.run(...entry, topic, tenantId, conversationId, enqueuedAt);
      }
    },
    claim: (topic, now, leaseUntil, limit) =>
      lease
        .all(leaseUntil, topic, now, limit)
        .toSorted((a, b) => a[4] - b[4])
        .map(([id, entry, enqueuedAt, earlierClaims]) => [id, entry, enqueuedAt, earlierClaims]),
    deliver: (ids, now) => end(remove, ids, now),
    bury: (ids, now) => end(kill, ids, now),
    retry(ids, dueAt) {
      for (const id of ids) postpone.run(dueAt, id);
    },
    revive(topic, now) {
      const ids = dead.all(topic);
      for (const [id] of ids) reenter.run(now, now, id);
      return ids.length;
    },
  };
}
