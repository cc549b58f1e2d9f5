import type { QuotaLedger } from "@message-sender/core";

import type { Database } from "./database.ts";
import { done, rowsOf } from "./rows-of.ts";

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
}

const recordRequest = {
  name: "record request",
  text: `INSERT INTO quota_requests (id, tenant_id, amount, ttl_ms, owner) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (id) DO UPDATE SET
      tenant_id = excluded.tenant_id, amount = excluded.amount, ttl_ms = excluded.ttl_ms, owner = excluded.owner`,
};
// What an ended process left becomes this one's, so that no two settle it.
const adoptRequests = {
  name: "adopt requests",
  text: "UPDATE quota_requests SET owner = $1 WHERE owner <> $1 AND NOT is_alive(owner)",
};
const adoptBlocks = {
  name: "adopt blocks",
  text: "UPDATE quota_blocks SET owner = $1 WHERE owner <> $1 AND NOT is_alive(owner)",
};
const requests = {
  name: "requests",
  text: "SELECT id, tenant_id, amount, ttl_ms FROM quota_requests WHERE owner = $1",
};
const withdrawRequest = { name: "withdraw request", text: "DELETE FROM quota_requests WHERE id = $1" };
const openBlock = {
  name: "open block",
  text: `WITH answered AS (DELETE FROM quota_requests WHERE id = $6)
    INSERT INTO quota_blocks (id, tenant_id, granted, expires_at, owner) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (id) DO NOTHING`,
};
const unsettledBlocks = {
  name: "unsettled blocks",
  text: `SELECT b.id, b.tenant_id, b.granted, b.expires_at, held.used, held.unfinished
    FROM quota_blocks b CROSS JOIN LATERAL (
      SELECT count(*) AS used, count(*) FILTER (WHERE NOT m.finished) AS unfinished
      FROM messages m WHERE m.quota_block_id = b.id AND m.keeps_unit
    ) held
    WHERE b.owner = $1`,
};
const closeBlock = { name: "close block", text: "DELETE FROM quota_blocks WHERE id = $1" };

/** What another living process asked for or holds is not listed: it works with it still. */
export function createQuotaLedger(database: Database, owner: string): QuotaLedger {
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
      done(database, openBlock, [id, tenantId, granted, expiresAt, owner, requestId]),
    unsettled: () =>
      done(database, adoptBlocks, [owner])
        .andThen(() => rowsOf<BlockRow>(database, unsettledBlocks, [owner]))
        .map((rows) =>
          rows.map(({ id, tenant_id: tenantId, granted, expires_at: expiresAt, used, unfinished }) => ({
            block: { id, tenantId, granted, expiresAt },
            used,
            unfinished,
          })),
        ),
    close: ({ id }) => done(database, closeBlock, [id]),
  };
}
