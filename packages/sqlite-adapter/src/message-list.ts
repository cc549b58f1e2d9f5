import type { Unavailable } from "@message-sender/core";
import {
  decodePage,
  isTrouble,
  type MessagePage,
  type MessageQuery,
  type MessageStore,
  type StoredRow,
} from "@message-sender/core/adapter";
import { err, type Result, ResultAsync } from "neverthrow";

import type { GroupCommit } from "./database/group-commit.ts";
import type { FilterRow, FoundRow, ListAnswer, ListPath, PositionRow } from "./procedures/message-list.ts";

const mostLookedAt = 10_000;
/** So many rows hold the database thread up. Then it works on waiting commits before it looks at more. */
const lookedAtPerCall = 2500;

/** Lists one page at a time. The other lists wait, so that however many there are, they hardly delay a send. */
export function createMessageList({ call }: GroupCommit): MessageStore["list"] {
  let turn: Promise<unknown> = Promise.resolve();

  async function page(query: MessageQuery): Promise<Result<MessagePage, Unavailable>> {
    const { limit } = query;
    const [path, filter] = [pathOf(query), filterRow(query)];
    const rows: StoredRow[] = [];
    let after: PositionRow | null = firstPosition(query);
    // One more than the page: whether there is another page is known then.
    for (let lookedAt = 0; after && rows.length <= limit && lookedAt < mostLookedAt; lookedAt += lookedAtPerCall) {
      const wanted = limit + 1 - rows.length;
      const answer: Result<ListAnswer, Unavailable> = await call("list", path, filter, after, wanted, lookedAtPerCall);
      if (answer.isErr()) return err(answer.error);
      rows.push(...answer.value[0].map(storedRow));
      after = answer.value[1];
    }
    return decodePage(rows, limit, after ? { acceptedAt: new Date(after[0]), number: after[1] } : undefined);
  }

  return (query) => {
    const mine = turn.then(() => page(query));
    turn = mine;
    return new ResultAsync(mine);
  };
}

function storedRow([acceptedAt, number, document]: FoundRow): StoredRow {
  return { acceptedAt: new Date(acceptedAt), number, document };
}

/** The most selective of the filters that have an index. */
function pathOf({ tenantIds, reference, conversationId, to, status }: MessageQuery): ListPath {
  if (reference !== undefined) return "reference";
  if (conversationId !== undefined) return "conversation";
  if (to !== undefined) return "recipient";
  if (status !== undefined && isTrouble(status)) return "trouble";
  return tenantIds ? "tenant" : "age";
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

/** The older of both limits. Every number is above 0. */
function firstPosition({ after, until }: MessageQuery): PositionRow {
  const end: PositionRow = [until?.getTime() ?? Number.MAX_SAFE_INTEGER, 0];
  return after && after.acceptedAt.getTime() < end[0] ? [after.acceptedAt.getTime(), after.number] : end;
}
