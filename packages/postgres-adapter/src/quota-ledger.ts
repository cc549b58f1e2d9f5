import type { QuotaLedger } from "@message-sender/core";
import { ResultAsync } from "neverthrow";

import type { Database, Statement } from "./database.ts";
import { toUnavailable } from "./failure.ts";

interface BlockRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly granted: number;
  readonly expires_at: Date;
  readonly used: number;
}

const openBlock = {
  name: "open block",
  text: `INSERT INTO quota_blocks (id, tenant_id, granted, expires_at, owner) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (id) DO NOTHING`,
};
const unsettledBlocks = {
  name: "unsettled blocks",
  text: `SELECT b.id, b.tenant_id, b.granted, b.expires_at,
      (SELECT count(*) FROM messages m WHERE m.quota_block_id = b.id AND m.keeps_unit)::integer AS used
    FROM quota_blocks b WHERE b.owner = $1 OR NOT is_alive(b.owner)`,
};
const closeBlock = { name: "close block", text: "DELETE FROM quota_blocks WHERE id = $1" };

/** Blocks that another living process holds are not listed: it takes units of them still. */
export function createQuotaLedger(database: Database, owner: string): QuotaLedger {
  const run = <Row>(statement: Statement, values: readonly unknown[]) =>
    ResultAsync.fromPromise(database.run<Row>(statement, values), toUnavailable);

  return {
    open: ({ id, tenantId, granted, expiresAt }) =>
      run(openBlock, [id, tenantId, granted, expiresAt, owner]).map(() => undefined),
    unsettled: () =>
      run<BlockRow>(unsettledBlocks, [owner]).map(({ rows }) =>
        rows.map(({ id, tenant_id: tenantId, granted, expires_at: expiresAt, used }) => ({
          block: { id, tenantId, granted, expiresAt },
          used,
        })),
      ),
    close: ({ id }) => run(closeBlock, [id]).map(() => undefined),
  };
}
