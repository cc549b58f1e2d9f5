import type { DatabaseSync } from "node:sqlite";

import type { BlockRow, Procedures } from "./procedures.ts";
import { prepare } from "./statement.ts";

type MessageProcedures = Pick<
  Procedures,
  "accept" | "commit" | "findById" | "findByWamid" | "findByKey" | "overdue" | "due"
>;

/** What a commit changes besides its message. */
interface Companions {
  enqueue(entries: Parameters<Procedures["commit"]>[3]): void;
  /** A message has this id of WhatsApp by now. */
  match(wamid: string): void;
  /** The block is to be settled once more. */
  recount(block: BlockRow): void;
}

/** Messages as rows. A commit takes the message over for this opening, unless it is a bystander's. */
export function messageProcedures(
  database: DatabaseSync,
  opening: number,
  { enqueue, match, recount }: Companions,
): MessageProcedures {
  const insert = prepare(
    database,
    `INSERT INTO messages (id, revision, keeps_unit, is_finished, due_at, due_set_at, document, tenant_id, quota_block_id,
       accepted_at, idempotency_key, fingerprint, opening)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${opening})
     ON CONFLICT (id) DO NOTHING`,
  );
  const update = prepare(
    database,
    `UPDATE messages SET revision = ?2, keeps_unit = ?3, is_finished = ?4, due_at = ?5, due_set_at = ?6, document = ?7,
       quota_block_id = ?8, opening = iif(?9, opening, ${opening})
     WHERE id = ?1 AND revision = ?2 - 1`,
  );
  const freeKey = prepare(
    database,
    `UPDATE messages SET idempotency_key = NULL, fingerprint = NULL WHERE id = ? AND idempotency_key IS NOT NULL`,
  );
  const name = prepare(
    database,
    `INSERT INTO wamids (wamid, message_id) VALUES (?, ?)
     ON CONFLICT (wamid) DO UPDATE SET message_id = excluded.message_id WHERE message_id <> excluded.message_id`,
  );
  const byId = prepare<[string]>(database, `SELECT document FROM messages WHERE id = ?`);
  const byWamid = prepare<[string]>(
    database,
    `SELECT document FROM wamids JOIN messages ON messages.id = wamids.message_id WHERE wamid = ?`,
  );
  const byKey = prepare<[string, string]>(
    database,
    `SELECT document, fingerprint FROM messages WHERE tenant_id = ? AND idempotency_key = ?`,
  );
  const leftBehind = prepare<[string]>(
    database,
    `SELECT document FROM messages WHERE is_finished = 0 AND due_at IS NULL AND opening < ${opening}
     ORDER BY opening, number LIMIT ?`,
  );
  const queued = prepare<[string]>(
    database,
    `SELECT document FROM messages WHERE due_at <= ? ORDER BY due_at, number LIMIT ?`,
  );

  return {
    accept(message, tenantId, blockId, acceptedAt, key) {
      const known = key && byKey.get(tenantId, key[0]);
      if (known) return known[1] === key[1] ? ["Known", known[0]] : ["KeyReused"];
      const isNew = insert.run(...message, tenantId, blockId, acceptedAt, key && key[0], key && key[1]);
      return [isNew ? "New" : "IdTaken"];
    },
    commit(message, [keepsKey, isBystander, quotaBlockId], wamids, entries, recounted) {
      const [id] = message;
      if (!update.run(...message, quotaBlockId, isBystander ? 1 : 0)) {
        const current = byId.get(id);
        return current ? ["Outrun", current[0]] : ["MessageUnknown"];
      }
      if (!keepsKey) freeKey.run(id);
      for (const wamid of wamids) if (name.run(wamid, id)) match(wamid);
      if (recounted) recount(recounted);
      enqueue(entries);
      return ["Applied"];
    },
    findById: (id) => byId.get(id)?.[0],
    findByWamid: (wamid) => byWamid.get(wamid)?.[0],
    findByKey: (tenantId, key) => byKey.get(tenantId, key)?.[0],
    overdue: (limit) => leftBehind.all(limit).map(([document]) => document),
    due: (now, limit) => queued.all(now, limit).map(([document]) => document),
  };
}
