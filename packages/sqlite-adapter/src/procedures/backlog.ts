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
  const queued = counted("SELECT 1 FROM messages WHERE due_at IS NOT NULL LIMIT ?");
  const due = counted("SELECT due_at FROM messages WHERE due_at <= ? ORDER BY due_at LIMIT ?", "due_at");
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
      due: due.get(now, limit) ?? nothing,
      waiting: topics.map((topic) => waiting.get(topic, limit) ?? nothing),
      dead: topics.map((topic) => dead.get(topic, limit) ?? nothing),
      parkedStatuses: parkedStatuses.get(limit) ?? nothing,
      quotaBlocks: quotaBlocks.get(limit) ?? nothing,
    }),
  };
}
