import type { Unavailable } from "@message-sender/core";
import type { QuotaLedger } from "@message-sender/core/adapter";
import { errAsync, okAsync } from "neverthrow";

import type { Database, Statement } from "./database/database.ts";
import { done, rowsOf } from "./database/rows-of.ts";

interface RequestRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly amount: number;
  readonly ttl_ms: number;
}

interface BlockRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly granted: number;
  readonly expires_at: Date;
  readonly used: number;
  readonly unfinished: number;
  readonly is_recounted: boolean;
}

const recordRequest = {
  name: "record request",
  text: `INSERT INTO quota_requests (id, tenant_id, amount, ttl_ms, owner) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (id) DO UPDATE SET
      tenant_id = excluded.tenant_id, amount = excluded.amount, ttl_ms = excluded.ttl_ms, owner = excluded.owner`,
};
// Takes over the requests and blocks of ended processes, so that no two processes settle them.
const adoptRequests = adoption("request", "quota_requests");
const adoptBlocks = adoption("block", "quota_blocks");
const requests = {
  name: "requests",
  text: "SELECT id, tenant_id, amount, ttl_ms FROM quota_requests WHERE owner = $1",
};
const withdrawRequest = { name: "withdraw request", text: "DELETE FROM quota_requests WHERE id = $1" };
const openBlock = { name: "open block", text: "SELECT open_block($1, $2, $3, $4, $5, $6) AS is_open" };
const unsettledBlocks = {
  name: "unsettled blocks",
  text: `SELECT b.id, b.tenant_id, b.granted, b.expires_at, b.is_recounted, held.used, held.unfinished
    FROM quota_blocks b CROSS JOIN LATERAL (
      SELECT count(*) AS used, count(*) FILTER (WHERE NOT m.finished) AS unfinished
      FROM messages m WHERE m.quota_block_id = b.id AND m.keeps_unit
    ) held
    WHERE b.owner = $1`,
};
const closeBlock = { name: "close block", text: "DELETE FROM quota_blocks WHERE id = $1 AND NOT is_recounted" };

const clearRecounted = {
  name: "clear recounted",
  text: "UPDATE quota_blocks SET is_recounted = false WHERE id = ANY ($1) AND is_recounted",
};

/** Does not list requests and blocks of other living processes, which still use them. */
export function createQuotaLedger(database: Database, owner: string): QuotaLedger {
  /** Blocks whose mark was cleared and that were not reported yet. */
  const recounted = new Set<string>();
  const list = () => rowsOf<BlockRow>(database, unsettledBlocks, [owner]);

  /** Clears the marks before counting the rows: a unit that changes later marks its block again. */
  function recount(rows: readonly BlockRow[]) {
    const marked = rows.filter((row) => row.is_recounted).map(({ id }) => id);
    if (marked.length === 0) return okAsync(rows);
    for (const id of marked) recounted.add(id);
    return done(database, clearRecounted, [marked]).andThen(list);
  }

  function unsettledOf({ id, tenant_id: tenantId, granted, expires_at: expiresAt, used, unfinished }: BlockRow) {
    const block = { id, tenantId, granted, expiresAt };
    return { block, used, unfinished, ...(recounted.delete(id) && { isRecounted: true as const }) };
  }

  return {
    request: ({ id, tenantId, amount, ttlMs }) => done(database, recordRequest, [id, tenantId, amount, ttlMs, owner]),
    requested: () =>
      done(database, adoptRequests, [owner])
        .andThen(() => rowsOf<RequestRow>(database, requests, [owner]))
        .map((rows) =>
          rows.map(({ id, tenant_id: tenantId, amount, ttl_ms: ttlMs }) => ({ id, tenantId, amount, ttlMs })),
        ),
    withdraw: (requestId) => done(database, withdrawRequest, [requestId]),
    open: ({ id, tenantId, granted, expiresAt }, requestId) =>
      rowsOf<{ is_open: boolean }>(database, openBlock, [id, tenantId, granted, expiresAt, owner, requestId]).andThen(
        ([row]) => (row?.is_open ? okAsync(undefined) : errAsync(requestLost)),
      ),
    unsettled: () =>
      done(database, adoptBlocks, [owner])
        .andThen(list)
        .andThen(recount)
        .map((rows) => rows.map(unsettledOf)),
    close: ({ id }) => done(database, closeBlock, [id]),
  };
}

const requestLost: Unavailable = {
  kind: "Unavailable",
  reason: "this process was presumed dead, and another one returns the granted units",
};

function adoption(kind: "request" | "block", table: "quota_requests" | "quota_blocks"): Statement {
  return {
    name: `adopt ${kind}s`,
    text: `WITH taken AS (
        UPDATE ${table} SET owner = $1 WHERE owner <> $1 AND is_dead(owner) RETURNING id
      ), forgotten AS (
        DELETE FROM taken_over WHERE taken_at < now() - interval '30 days'
      )
      INSERT INTO taken_over (kind, id, owner) SELECT '${kind}', id, $1 FROM taken
      ON CONFLICT (kind, id) DO UPDATE SET owner = excluded.owner, taken_at = now()`,
  };
}
