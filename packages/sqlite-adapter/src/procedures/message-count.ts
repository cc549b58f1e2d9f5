import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

export interface MessageCountProcedures {
  /**
   * Counts up to `limit` messages behind a position, of one tenant or of all. Returns the counts, and the position of the last
   * message, or null if there were fewer.
   */
  countMessages(tenantId: string | null, behind: PositionRow, until: number, limit: number): CountAnswer;
}

type PositionRow = readonly [acceptedAt: number, number: number];
export type CountRow = readonly [
  day: number,
  type: string,
  status: string,
  pricingCategory: string | null,
  billable: 0 | 1 | null,
  count: number,
];
type CountAnswer = readonly [counts: readonly CountRow[], last: PositionRow | null];

/** Reads columns that stand before the document, so that its text is not read. */
export function createMessageCountProcedures(database: DatabaseSync): MessageCountProcedures {
  function walk(index: string, key: string) {
    const rest = `FROM messages INDEXED BY ${index}
      WHERE ${key} (accepted_at, number) > (?, ?) AND accepted_at < ? ORDER BY accepted_at, number LIMIT`;
    const counts = prepare<CountRow>(
      database,
      `SELECT accepted_at / 86400000 AS day, type, status, pricing_category, billable, count(*)
       FROM (SELECT accepted_at, type, status, pricing_category, billable ${rest} ?)
       GROUP BY day, type, status, pricing_category, billable`,
    );
    const last = prepare<PositionRow>(database, `SELECT accepted_at, number ${rest} 1 OFFSET ?`);
    return { counts, last };
  }

  const ofTenant = walk("messages_by_tenant", "tenant_id = ? AND");
  const ofAll = walk("messages_by_age", "");

  return {
    countMessages(tenantId, behind, until, limit) {
      const { counts, last } = tenantId === null ? ofAll : ofTenant;
      const bounds = [...(tenantId === null ? [] : [tenantId]), ...behind, until];
      return [counts.all(...bounds, limit), last.get(...bounds, limit - 1) ?? null];
    },
  };
}
