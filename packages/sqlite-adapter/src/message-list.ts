import {
  collectPage,
  type FoundRows,
  firstPosition,
  listPathOf,
  type MessagePosition,
  type MessageQuery,
  type MessageStore,
} from "@message-sender/core/adapter";
import { ResultAsync } from "neverthrow";

import type { GroupCommit } from "./database/group-commit.ts";
import type { FilterRow, ListAnswer, PositionRow } from "./procedures/message-list.ts";

/** Collects one page at a time. Other lists wait, so that however many there are, they hardly delay a send. */
export function createMessageList({ call }: GroupCommit): MessageStore["list"] {
  let turn: Promise<unknown> = Promise.resolve();

  return (query) => {
    const { limit, after, until } = query;
    const [path, filter] = [listPathOf(query), filterRow(query)];
    const collect = () =>
      collectPage({
        limit,
        after,
        scan: (from, wanted, scanLimit) =>
          call("list", path, filter, positionRow(firstPosition(from, until)), wanted, scanLimit).map(foundRows),
        monotonicMs: () => performance.now(),
      });
    const page = turn.then(collect);
    turn = page;
    return new ResultAsync(page);
  };
}

function foundRows([rows, stoppedAt]: ListAnswer): FoundRows {
  return {
    rows: rows.map(([acceptedAt, number, document]) => ({ acceptedAt: new Date(acceptedAt), number, document })),
    ...(stoppedAt && { stoppedAt: { acceptedAt: new Date(stoppedAt[0]), number: stoppedAt[1] } }),
  };
}

function filterRow({ tenantIds, outletId, conversationId, to, reference, status, since }: MessageQuery): FilterRow {
  const [only = null] = tenantIds?.length === 1 ? tenantIds : [];
  return {
    tenant: only,
    tenants: only === null && tenantIds ? JSON.stringify(tenantIds) : null,
    outlet: outletId ?? null,
    conversation: conversationId ?? null,
    recipient: to ?? null,
    reference: reference ?? null,
    status: status ?? null,
    since: since?.getTime() ?? Number.MIN_SAFE_INTEGER,
  };
}

/** Where the list begins. Without a position, with the newest. */
function positionRow(position: MessagePosition | undefined): PositionRow {
  return position ? [position.acceptedAt.getTime(), position.number] : [Number.MAX_SAFE_INTEGER, 0];
}
