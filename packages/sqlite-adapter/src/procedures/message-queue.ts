import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

export interface MessageQueueProcedures {
  claimLines(limit: number, now: number): readonly LineRow[];
  /** The messages that are due, line by line. */
  headMessages(lines: readonly LineRow[], each: number, now: number): readonly HeadRow[];
  /** Lets messages that cannot be read be due later, and delay no others until then. */
  setAside(ids: readonly string[], until: number): void;
  releaseLines(lines: readonly LineRow[]): void;
  queueDepth(tenantId: string, upTo: number): number;
  queueState(tenantId: string | null, limit: number, upTo: number, now: number): readonly StateRow[];
}

/** Keeps the line of a message that has just been written, and that is due at that time. */
export type KeepLine = (line: LineRow, dueAt: number) => void;

export type LineRow = readonly [tenantId: string, outletId: string];
export type HeadRow = readonly [id: string, document: string];
type StateRow = readonly [...LineRow, open: number, due: number, firstDueAt: number | null, isHeld: 0 | 1];

/** How many messages of a line are looked at for its heads: thousands may wait behind one. */
const lookedAt = (each: number): number => 64 + 32 * each;

/** One process has the file, so a line that is held is held by this one. */
export function createMessageQueueProcedures(
  database: DatabaseSync,
): MessageQueueProcedures & { readonly keepLine: KeepLine } {
  const keep = prepare(
    database,
    `INSERT INTO lines (tenant_id, outlet_id, due_at) VALUES (?, ?, ?)
     ON CONFLICT (tenant_id, outlet_id) DO UPDATE SET due_at = excluded.due_at WHERE due_at > excluded.due_at`,
  );
  const due = prepare<LineRow>(
    database,
    `SELECT tenant_id, outlet_id FROM (
       SELECT tenant_id, outlet_id, due_at, row_number() OVER (PARTITION BY tenant_id ORDER BY due_at, outlet_id) AS turn
       FROM lines INDEXED BY lines_free WHERE is_held = 0 AND due_at <= ?)
     ORDER BY turn, due_at LIMIT ?`,
  );
  const hold = prepare(database, `UPDATE lines SET is_held = 1 WHERE tenant_id = ? AND outlet_id = ?`);
  const held = prepare<[1]>(database, `SELECT 1 FROM lines WHERE tenant_id = ? AND outlet_id = ? AND is_held = 1`);
  // SQLite numbers messages as they are accepted.
  const heads = prepare<HeadRow>(
    database,
    `SELECT id, document FROM (
       SELECT id, document, recipient, order_at, number FROM messages INDEXED BY messages_by_order
       WHERE tenant_id = $tenant AND outlet_id = $outlet AND due_at IS NOT NULL AND order_at <= $now AND due_at <= $now
       ORDER BY order_at, number LIMIT $lookedAt + 0) AS head
     WHERE NOT EXISTS (
       SELECT 1 FROM messages AS earlier INDEXED BY messages_open_by_recipient
       WHERE earlier.tenant_id = $tenant AND earlier.outlet_id = $outlet AND earlier.recipient = head.recipient
         AND earlier.is_open = 1 AND (earlier.order_at, earlier.number) < (head.order_at, head.number)
         AND (earlier.due_at <= $now OR earlier.delays_until > $now))
     LIMIT $each + 0`,
  );
  const postpone = prepare(
    database,
    `UPDATE messages SET due_at = ?, delays_until = NULL WHERE id = ? AND due_at IS NOT NULL`,
  );
  const first = prepare<[number]>(
    database,
    `SELECT due_at FROM messages INDEXED BY messages_by_due_at
     WHERE tenant_id = ? AND outlet_id = ? AND due_at IS NOT NULL ORDER BY due_at LIMIT 1`,
  );
  const free = prepare(database, `UPDATE lines SET is_held = 0, due_at = ? WHERE tenant_id = ? AND outlet_id = ?`);
  const remove = prepare(database, `DELETE FROM lines WHERE tenant_id = ? AND outlet_id = ?`);
  const depth = prepare<[number]>(
    database,
    `SELECT count(*) FROM (
       SELECT 1 FROM messages INDEXED BY messages_open_by_recipient WHERE tenant_id = ? AND is_open = 1 LIMIT ?)`,
  );
  // A line that is held may have any due time, so all of those are looked at; of the free ones only the first.
  const state = prepare<StateRow>(
    database,
    `WITH free AS (
       SELECT tenant_id, outlet_id FROM lines WHERE is_held = 0 AND ($tenant IS NULL OR tenant_id = $tenant)
       ORDER BY due_at LIMIT $limit + 0
     ), known AS (
       SELECT * FROM free
       UNION SELECT tenant_id, outlet_id FROM lines INDEXED BY lines_held
         WHERE is_held = 1 AND ($tenant IS NULL OR tenant_id = $tenant)
       UNION SELECT tenant_id, outlet_id FROM messages INDEXED BY messages_left_behind
         WHERE is_finished = 0 AND due_at IS NULL AND is_open = 1 AND ($tenant IS NULL OR tenant_id = $tenant)
     ), first AS (
       SELECT known.*, (
         SELECT m.due_at FROM messages AS m INDEXED BY messages_by_due_at
         WHERE m.tenant_id = known.tenant_id AND m.outlet_id = known.outlet_id AND m.due_at IS NOT NULL ORDER BY m.due_at LIMIT 1
       ) AS due_at
       FROM known WHERE EXISTS (
         SELECT 1 FROM messages AS m INDEXED BY messages_open_by_recipient
         WHERE m.tenant_id = known.tenant_id AND m.outlet_id = known.outlet_id AND m.is_open = 1)
       ORDER BY due_at IS NULL, due_at, tenant_id, outlet_id LIMIT $limit + 0)
     SELECT first.tenant_id, first.outlet_id,
       (SELECT count(*) FROM (
          SELECT 1 FROM messages AS m INDEXED BY messages_open_by_recipient
          WHERE m.tenant_id = first.tenant_id AND m.outlet_id = first.outlet_id AND m.is_open = 1 LIMIT $upTo + 0)),
       (SELECT count(*) FROM (
          SELECT 1 FROM messages AS m INDEXED BY messages_by_due_at
          WHERE m.tenant_id = first.tenant_id AND m.outlet_id = first.outlet_id AND m.due_at <= $now LIMIT $upTo + 0)),
       first.due_at,
       EXISTS (
         SELECT 1 FROM lines WHERE lines.tenant_id = first.tenant_id AND lines.outlet_id = first.outlet_id AND lines.is_held = 1)
     FROM first ORDER BY first.due_at IS NULL, first.due_at, first.tenant_id, first.outlet_id`,
  );

  return {
    keepLine: (line, dueAt) => void keep.run(...line, dueAt),
    claimLines(limit, now) {
      const lines = due.all(now, limit);
      for (const line of lines) hold.run(...line);
      return lines;
    },
    headMessages(lines, each, now) {
      const bounds = { now, each, lookedAt: lookedAt(each) };
      return lines.flatMap(([tenant, outlet]) =>
        held.get(tenant, outlet) ? Array.from(heads.each({ tenant, outlet, ...bounds })) : [],
      );
    },
    setAside(ids, until) {
      for (const id of ids) postpone.run(until, id);
    },
    releaseLines(lines) {
      for (const line of lines) {
        if (!held.get(...line)) continue;
        const [dueAt] = first.get(...line) ?? [];
        if (dueAt === undefined) remove.run(...line);
        else free.run(dueAt, ...line);
      }
    },
    queueDepth: (tenantId, upTo) => depth.get(tenantId, upTo)?.[0] ?? 0,
    queueState: (tenant, limit, upTo, now) => Array.from(state.each({ tenant, limit, upTo, now })),
  };
}
