import type { DatabaseSync } from "node:sqlite";

import type { BlockRow, Procedures, RequestRow } from "./procedures.ts";
import { prepare } from "./statement.ts";

type LedgerProcedures = Pick<
  Procedures,
  "requestBlock" | "requestedBlocks" | "withdrawRequest" | "openBlock" | "unsettled" | "closeBlock"
>;

/** The blocks that are asked for and open; how much of one is used is what the messages say. */
export function quotaLedgerProcedures(database: DatabaseSync): LedgerProcedures {
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
  const list = prepare<readonly [...BlockRow, used: number, unfinished: number]>(
    database,
    `SELECT id, tenant_id, granted, expires_at,
       (SELECT count(*) FROM messages WHERE quota_block_id = quota_blocks.id AND keeps_unit = 1),
       (SELECT count(*) FROM messages WHERE quota_block_id = quota_blocks.id AND keeps_unit = 1 AND is_finished = 0)
     FROM quota_blocks`,
  );
  const remove = prepare(database, `DELETE FROM quota_blocks WHERE id = ?`);

  return {
    requestBlock: (...request) => void ask.run(...request),
    requestedBlocks: () => asked.all(),
    withdrawRequest: (id) => void withdraw.run(id),
    openBlock(block, requestId) {
      withdraw.run(requestId);
      insert.run(...block);
    },
    unsettled: () => list.all(),
    closeBlock: (id) => void remove.run(id),
  };
}
