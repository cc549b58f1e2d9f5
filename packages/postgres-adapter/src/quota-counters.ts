import type { Clock, QuotaCounters } from "@message-sender/core/adapter";

import type { Database } from "./database/database.ts";
import { done, rowsOf } from "./database/rows-of.ts";

interface TakenRow {
  readonly granted: number;
  readonly starts_at: Date;
}

interface CountedRow {
  readonly used: number;
  readonly starts_at: Date;
}

const takeUnits = { name: "take units", text: "SELECT * FROM take_units($1, $2, $3, $4, $5, $6, $7)" };
const countedUnits = {
  name: "counted units",
  text: "SELECT used, starts_at FROM quota_counters WHERE tenant_id = $1 AND period = $2",
};
const settleUnits = { name: "settle units", text: "SELECT settle_units($1, $2)" };

export function createQuotaCounters(database: Database, clock: Clock): QuotaCounters {
  return {
    take({ id, tenantId, period, startsAt, limit, amount }) {
      const values = [id, tenantId, period, startsAt, limit, amount, clock.now()];
      return rowsOf<TakenRow>(database, takeUnits, values).map(([taken]) => ({
        granted: taken?.granted ?? 0,
        startsAt: taken?.starts_at ?? startsAt,
      }));
    },
    settle: (requestId, used) => done(database, settleUnits, [requestId, used]),
    read: (tenantId, period) =>
      rowsOf<CountedRow>(database, countedUnits, [tenantId, period]).map(
        ([counted]) => counted && { used: counted.used, startsAt: counted.starts_at },
      ),
  };
}
