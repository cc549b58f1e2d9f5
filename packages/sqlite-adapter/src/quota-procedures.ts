import type { DatabaseSync } from "node:sqlite";

import type { BlockRow, Procedures } from "./procedures.ts";
import { prepare } from "./statement.ts";

/** The blocks that are open; how much of one is used is what the messages say. */
export function quotaProcedures(database: DatabaseSync): Pick<Procedures, "openBlock" | "unsettled" | "closeBlock"> {
  const insert = prepare(
    database,
    `INSERT INTO quota_blocks (id, tenant_id, granted, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const list = prepare<readonly [...BlockRow, used: number]>(
    database,
    `SELECT id, tenant_id, granted, expires_at,
       (SELECT count(*) FROM messages WHERE quota_block_id = quota_blocks.id AND keeps_unit = 1)
     FROM quota_blocks`,
  );
  const remove = prepare(database, `DELETE FROM quota_blocks WHERE id = ?`);

  return {
    openBlock: (...block) => void insert.run(...block),
    unsettled: () => list.all(),
    closeBlock: (id) => void remove.run(id),
  };
}
