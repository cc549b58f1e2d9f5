import type { QuotaCounters } from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createQuotaCounters({ call }: GroupCommit): QuotaCounters {
  return {
    take: ({ id, tenantId, period, startsAt, limit, amount }) =>
      call("takeUnits", [id, tenantId, period, startsAt.getTime(), limit, amount]).map(([granted, begunAt]) => ({
        granted,
        startsAt: new Date(begunAt),
      })),
    settle: (requestId, used) => call("settleUnits", requestId, used),
    read: (tenantId, period) =>
      call("countedUnits", tenantId, period).map(
        (counted) => counted && { startsAt: new Date(counted[0]), used: counted[1] },
      ),
  };
}
