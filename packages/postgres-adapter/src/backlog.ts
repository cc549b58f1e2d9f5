import { type Backlog, type BacklogMeasure, type SteadyTime, topics } from "@message-sender/core/adapter";

import type { Database } from "./database/database.ts";
import { rowsOf } from "./database/rows-of.ts";

interface CountRow {
  readonly what: "queued" | "due" | "waiting" | "dead" | "parked" | "blocks";
  readonly topic: string;
  readonly count: number;
  readonly since: Date | null;
}

// Each count stops at the limit. What is due is found by the lines. The entries behind a queue come from a subquery with an order, which the planner does not merge
// into a join that would read the whole outbox.
const measure = {
  name: "measure backlog",
  text: `
    SELECT 'queued' AS what, '' AS topic, count(*) AS count, NULL::timestamptz AS since
      FROM (SELECT FROM messages WHERE due_at IS NOT NULL LIMIT $2) counted
    UNION ALL SELECT 'due', '', count(*), min(counted.due_at)
      FROM (
        SELECT first.due_at FROM (
          SELECT tenant_id, outlet_id FROM lines WHERE owner IS NULL AND due_at <= $1
          UNION ALL SELECT tenant_id, outlet_id FROM lines WHERE owner IS NOT NULL
        ) line, LATERAL (
          SELECT due_at FROM messages
          WHERE tenant_id = line.tenant_id AND outlet_id = line.outlet_id AND due_at <= $1 ORDER BY due_at LIMIT $2
        ) first LIMIT $2
      ) counted
    UNION ALL SELECT 'waiting', topics.topic, counted.count, counted.since
      FROM unnest($3::text[]) AS topics (topic), LATERAL (
        SELECT count(*) AS count, min(enqueued_at) AS since FROM (
          SELECT entries.enqueued_at FROM outbox_queues queue, LATERAL (
            SELECT enqueued_at FROM outbox WHERE outbox.queue = queue.id ORDER BY sequence
          ) entries WHERE queue.topic = topics.topic LIMIT $2
        ) waiting
      ) counted
    UNION ALL SELECT 'dead', topics.topic, counted.count, NULL
      FROM unnest($3::text[]) AS topics (topic), LATERAL (
        SELECT count(*) AS count FROM (SELECT FROM dead_entries WHERE topic = topics.topic LIMIT $2) dead
      ) counted
    UNION ALL SELECT 'parked', '', count(*), NULL FROM (SELECT FROM parked_statuses LIMIT $2) counted
    UNION ALL SELECT 'blocks', '', count(*), NULL FROM (SELECT FROM quota_blocks LIMIT $2) counted`,
};

export function createBacklog(database: Database, time: SteadyTime): Backlog {
  return {
    measure(limit) {
      const now = time.now();
      return rowsOf<CountRow>(database, measure, [new Date(now), limit, topics]).map((rows) => {
        const rowOf = (what: CountRow["what"], topic = "") =>
          rows.find((row) => row.what === what && row.topic === topic) ?? { count: 0, since: null };
        const waitingOf = ({ count, since }: Pick<CountRow, "count" | "since">) => ({
          count,
          oldestMs: since ? Math.max(0, now - since.getTime()) : 0,
        });
        const outbox = topics.map((topic) => [
          topic,
          { waiting: waitingOf(rowOf("waiting", topic)), dead: rowOf("dead", topic).count },
        ]);
        return {
          queued: rowOf("queued").count,
          due: waitingOf(rowOf("due")),
          outbox: Object.fromEntries(outbox) as BacklogMeasure["outbox"],
          parkedStatuses: rowOf("parked").count,
          openQuotaBlocks: rowOf("blocks").count,
        };
      });
    },
  };
}
