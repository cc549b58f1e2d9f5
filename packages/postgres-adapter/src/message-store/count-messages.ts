import type { MessageStatus } from "@message-sender/core";
import type { MessageCount, MessageStore } from "@message-sender/core/adapter";

import type { Database } from "../database/database.ts";
import { rowsOf } from "../database/rows-of.ts";

interface CountRow {
  readonly day: number;
  readonly type: MessageCount["type"];
  readonly status: MessageStatus;
  readonly pricing_category: string | null;
  readonly billable: boolean | null;
  readonly count: number;
  readonly last_at: Date;
  readonly last_number: number;
  /** How many messages were counted. */
  readonly total: number;
}

const countMessages = { name: "count messages", text: "SELECT * FROM count_messages($1, $2, $3, $4, $5)" };

export function createMessageCount(database: Database): MessageStore["count"] {
  return ({ tenantId = null, since, until, after, limit }) => {
    // Every number is above 0.
    const behind = after ? [after.acceptedAt, after.number] : [since, 0];
    return rowsOf<CountRow>(database, countMessages, [tenantId, ...behind, until, limit]).map((rows) => {
      const [first] = rows;
      return {
        counts: rows.map(countOf),
        ...(first?.total === limit && { next: { acceptedAt: first.last_at, number: first.last_number } }),
      };
    });
  };
}

function countOf({ day, type, status, pricing_category: pricingCategory, billable, count }: CountRow): MessageCount {
  return {
    day,
    type,
    status,
    ...(pricingCategory !== null && { pricingCategory }),
    ...(billable !== null && { billable }),
    count,
  };
}
