import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

export interface QuotaCountersProcedures {
  takeUnits(request: TakeRow): TakenRow;
  settleUnits(requestId: string, used: number): void;
  countedUnits(tenantId: string, period: string): Counter | undefined;
}

type TakeRow = readonly [id: string, tenantId: string, period: string, startsAt: number, limit: number, amount: number];
type TakenRow = readonly [granted: number, startsAt: number];
type Counter = readonly [startsAt: number, used: number];

/**
 * Counts in JavaScript, where whole numbers are exact up to 2^53 - 1. The units that a request took are remembered for its
 * period and the next one.
 */
export function createQuotaCountersProcedures(database: DatabaseSync): QuotaCountersProcedures {
  const taken = prepare<TakenRow>(database, `SELECT granted, starts_at FROM quota_takes WHERE id = ?`);
  const present = prepare<Counter>(
    database,
    `SELECT starts_at, used FROM quota_counters WHERE tenant_id = ? AND period = ?`,
  );
  const count = prepare(
    database,
    `INSERT OR REPLACE INTO quota_counters (tenant_id, period, starts_at, used) VALUES (?, ?, ?, ?)`,
  );
  const remember = prepare(
    database,
    `INSERT INTO quota_takes (id, tenant_id, period, starts_at, granted, used) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const forgetBefore = prepare(
    database,
    `DELETE FROM quota_takes WHERE tenant_id = ? AND period = ? AND starts_at < ?`,
  );
  const takeOf = prepare<readonly [tenantId: string, period: string, startsAt: number, used: number]>(
    database,
    `SELECT tenant_id, period, starts_at, used FROM quota_takes WHERE id = ?`,
  );
  const correct = prepare(database, `UPDATE quota_takes SET used = ? WHERE id = ?`);

  function counterOf([, tenantId, period, startsAt]: TakeRow): Counter {
    const counter = present.get(tenantId, period);
    if (!counter) return [startsAt, 0];
    if (counter[0] >= startsAt) return counter;
    forgetBefore.run(tenantId, period, counter[0]);
    return [startsAt, 0];
  }

  return {
    takeUnits(request) {
      const [id, tenantId, period, , limit, amount] = request;
      const known = taken.get(id);
      if (known) return known;
      const [startsAt, used] = counterOf(request);
      const granted = Math.max(0, Math.min(amount, limit - used));
      count.run(tenantId, period, startsAt, used + granted);
      if (granted > 0) remember.run(id, tenantId, period, startsAt, granted, granted);
      return [granted, startsAt];
    },
    settleUnits(requestId, used) {
      const take = takeOf.get(requestId);
      if (!take) return;
      const [tenantId, period, startsAt, usedBefore] = take;
      const counter = present.get(tenantId, period);
      if (counter?.[0] === startsAt) count.run(tenantId, period, startsAt, counter[1] + used - usedBefore);
      correct.run(used, requestId);
    },
    countedUnits: (tenantId, period) => present.get(tenantId, period),
  };
}
