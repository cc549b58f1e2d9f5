import type { Clock, QuotaCounters } from "@message-sender/core/adapter";

import type { Database } from "./database/database.ts";
import { done, rowsOf } from "./database/rows-of.ts";

interface TakenRow {
  readonly granted: number;
  readonly starts_at: Date;
}

const takeUnits = { name: "take units", text: "SELECT * FROM take_units($1, $2, $3, $4, $5, $6, $7)" };
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
  };
}
