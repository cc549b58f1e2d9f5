import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

/** A number of rows, and the earliest of their times; null where there is none. */
type Counted = readonly [count: number, since: number | null];

export interface BacklogProcedures {
  measureBacklog(
    now: number,
    limit: number,
    topics: readonly string[],
  ): {
    readonly queued: Counted;
    readonly due: Counted;
    readonly waiting: readonly Counted[];
    readonly dead: readonly Counted[];
    readonly parkedStatuses: Counted;
    readonly quotaBlocks: Counted;
  };
}

const nothing: Counted = [0, null];

/** Each count follows an index and stops at the limit. */
export function createBacklogProcedures(database: DatabaseSync): BacklogProcedures {
  const counted = (sql: string, time = "NULL") =>
    prepare<Counted>(database, `SELECT count(*), min(${time}) FROM (${sql})`);
  const queued = counted("SELECT 1 FROM messages INDEXED BY messages_by_due_at WHERE due_at IS NOT NULL LIMIT ?");
  // What is due is found by the lines.
  const due = counted(
    `SELECT messages.due_at FROM (
       SELECT tenant_id, outlet_id FROM lines INDEXED BY lines_free WHERE is_held = 0 AND due_at <= ?
       UNION ALL SELECT tenant_id, outlet_id FROM lines INDEXED BY lines_held WHERE is_held = 1
     ) AS line CROSS JOIN messages INDEXED BY messages_by_due_at
     ON messages.tenant_id = line.tenant_id AND messages.outlet_id = line.outlet_id
     WHERE messages.due_at <= ? LIMIT ?`,
    "due_at",
  );
  const waiting = counted(
    "SELECT enqueued_at FROM outbox WHERE topic = ? AND state = 'waiting' LIMIT ?",
    "enqueued_at",
  );
  const dead = counted("SELECT 1 FROM outbox WHERE topic = ? AND state = 'dead' LIMIT ?");
  const parkedStatuses = counted("SELECT 1 FROM parked_statuses LIMIT ?");
  const quotaBlocks = counted("SELECT 1 FROM quota_blocks LIMIT ?");

  return {
    measureBacklog: (now, limit, topics) => ({
      queued: queued.get(limit) ?? nothing,
      due: due.get(now, now, limit) ?? nothing,
      waiting: topics.map((topic) => waiting.get(topic, limit) ?? nothing),
      dead: topics.map((topic) => dead.get(topic, limit) ?? nothing),
      parkedStatuses: parkedStatuses.get(limit) ?? nothing,
      quotaBlocks: quotaBlocks.get(limit) ?? nothing,
    }),
  };
}
