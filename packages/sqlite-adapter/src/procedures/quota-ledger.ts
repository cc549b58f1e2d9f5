import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

export interface QuotaLedgerProcedures {
  requestBlock(...request: RequestRow): void;
  requestedBlocks(): readonly RequestRow[];
  withdrawRequest(id: string): void;
  openBlock(block: BlockRow, requestId: string): void;
  unsettled(): readonly UnsettledRow[];
  closeBlock(id: string): void;
}

/** Marks a block to be counted again, and reopens it if it was closed. */
export type Recount = (block: BlockRow) => void;

type RequestRow = readonly [id: string, tenantId: string, amount: number, ttlMs: number];
export type BlockRow = readonly [id: string, tenantId: string, granted: number, expiresAt: number];
type UnsettledRow = readonly [...BlockRow, used: number, unfinished: number, isRecounted: 0 | 1];

/** The used units of a block are counted from the rows of its messages. */
export function createQuotaLedgerProcedures(database: DatabaseSync): QuotaLedgerProcedures & { recount: Recount } {
  const ask = prepare(
    database,
    `INSERT OR REPLACE INTO quota_requests (id, tenant_id, amount, ttl_ms) VALUES (?, ?, ?, ?)`,
  );
  const asked = prepare<RequestRow>(database, `SELECT id, tenant_id, amount, ttl_ms FROM quota_requests`);
  const withdraw = prepare(database, `DELETE FROM quota_requests WHERE id = ?`);
  const insert = prepare(
    database,
    `INSERT INTO quota_blocks (id, tenant_id, granted, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const recount = prepare(
    database,
    `INSERT INTO quota_blocks (id, tenant_id, granted, expires_at, is_recounted) VALUES (?, ?, ?, ?, 1)
     ON CONFLICT (id) DO UPDATE SET is_recounted = 1`,
  );
  const list = prepare<UnsettledRow>(
    database,
    `SELECT block.id, block.tenant_id, granted, expires_at,
       count(is_finished), count(iif(is_finished = 0, 1, NULL)), is_recounted
     FROM quota_blocks AS block LEFT JOIN messages ON quota_block_id = block.id AND keeps_unit = 1
     GROUP BY block.id`,
  );
  const recounted = prepare(database, `UPDATE quota_blocks SET is_recounted = 0 WHERE id = ?`);
  const remove = prepare(database, `DELETE FROM quota_blocks WHERE id = ? AND is_recounted = 0`);

  return {
    requestBlock: (...request) => void ask.run(...request),
    requestedBlocks: () => asked.all(),
    withdrawRequest: (id) => void withdraw.run(id),
    openBlock(block, requestId) {
      withdraw.run(requestId);
      insert.run(...block);
    },
    unsettled() {
      const listed = list.all();
      for (const [id, , , , , , isRecounted] of listed) if (isRecounted) recounted.run(id);
      return listed;
    },
    recount: (block) => void recount.run(...block),
    closeBlock: (id) => void remove.run(id),
  };
}
