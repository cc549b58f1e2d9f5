import type { MessageStatus } from "@message-sender/core";
import type { MessageCount, MessageStore } from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";
import type { CountRow } from "./procedures/message-count.ts";

export function createMessageCount({ call }: GroupCommit): MessageStore["count"] {
  return ({ tenantId = null, since, until, after, limit }) => {
    // Every number is above 0.
    const behind = after ? ([after.acceptedAt.getTime(), after.number] as const) : ([since.getTime(), 0] as const);
    return call("countMessages", tenantId, behind, until.getTime(), limit).map(([rows, last]) => ({
      counts: rows.map(countOf),
      ...(last && { next: { acceptedAt: new Date(last[0]), number: last[1] } }),
    }));
  };
}

function countOf([day, type, status, pricingCategory, billable, count]: CountRow): MessageCount {
  return {
    day,
    type: type as MessageCount["type"],
    status: status as MessageStatus,
    ...(pricingCategory !== null && { pricingCategory }),
    ...(billable !== null && { billable: billable === 1 }),
    count,
  };
}
