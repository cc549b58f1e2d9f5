import {
  collectPage,
  type FoundRows,
  firstPosition,
  listPathOf,
  type MessageQuery,
  type MessageStore,
} from "@message-sender/core/adapter";

import type { Database } from "../database/database.ts";
import type { Value } from "../database/packet.ts";
import { rowsOf } from "../database/rows-of.ts";
import { referenceColumn } from "./message-row.ts";

interface LookedAtRow {
  readonly accepted_at: Date;
  readonly number: number;
  /** Null if the message does not match. */
  readonly document: string | null;
  /** The list stopped here because it had looked at enough messages. */
  readonly is_stop: boolean;
}

const listMessages = {
  name: "list",
  text: "SELECT * FROM list_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
};

export function createMessageList(database: Database): MessageStore["list"] {
  return (query) => {
    const { limit, after, until } = query;
    const filter = filterValues(query);
    return collectPage({
      limit,
      after,
      scan(from, wanted, scanLimit) {
        const before = firstPosition(from, until);
        const values = [...filter, before?.acceptedAt, before?.number ?? 0, wanted, scanLimit];
        return rowsOf<LookedAtRow>(database, listMessages, values).map(foundRows);
      },
      monotonicMs: () => performance.now(),
    });
  };
}

function foundRows(rows: readonly LookedAtRow[]): FoundRows {
  const stop = rows.find((row) => row.is_stop);
  return {
    rows: rows.flatMap(({ accepted_at: acceptedAt, number, document }) =>
      document === null ? [] : [{ acceptedAt, number, document }],
    ),
    ...(stop && { stoppedAt: { acceptedAt: stop.accepted_at, number: stop.number } }),
  };
}

function filterValues(query: MessageQuery): readonly Value[] {
  const { tenantIds, outletId, conversationId, to, reference, status, since } = query;
  const isOne = tenantIds?.length === 1;
  return [
    listPathOf(query),
    isOne ? tenantIds[0] : null,
    isOne ? null : tenantIds,
    outletId,
    conversationId,
    to,
    reference === undefined ? undefined : referenceColumn(reference),
    status,
    since,
  ];
}
