import type { DatabaseSync } from "node:sqlite";

import type { KeepLine, LineRow } from "./message-queue.ts";
import type { Enqueue, EntryRow } from "./outbox.ts";
import type { Match } from "./parked-statuses.ts";
import type { BlockRow, Recount } from "./quota-ledger.ts";
import { prepare } from "./statement.ts";

export interface MessageStoreProcedures {
  accept(
    message: MessageRow,
    request: RequestRow,
    blockId: string,
    key: KeyRow | null,
    entries: readonly EntryRow[],
  ): AcceptAnswer;
  commit(
    message: MessageRow,
    change: ChangeRow,
    wamids: readonly string[],
    entries: readonly EntryRow[],
    recounted: BlockRow | null,
  ): CommitAnswer;
  findById(id: string): string | undefined;
  findByWamid(wamid: string): string | undefined;
  findByKey(tenantId: string, key: string): string | undefined;
  overdue(limit: number): readonly string[];
  /** Unfinished messages, also those that are due in the queue. */
  unfinished(afterId: string, limit: number): readonly (readonly [id: string, document: string])[];
}

type Flag = 0 | 1;
export type MessageRow = readonly [
  id: string,
  revision: number,
  keepsUnit: Flag,
  isFinished: Flag,
  dueAt: number | null,
  dueSetAt: number | null,
  orderAt: number | null,
  delaysUntil: number | null,
  isOpen: Flag,
  status: string,
  needsAttention: Flag,
  pricingCategory: string | null,
  billable: Flag | null,
  document: string,
];
/** What never changes. */
export type RequestRow = readonly [
  tenantId: string,
  outletId: string,
  conversationId: string,
  recipient: string,
  reference: string | null,
  type: string,
  acceptedAt: number,
];
type ChangeRow = readonly [
  keepsKey: boolean,
  isBystander: boolean,
  quotaBlockId: string,
  kind: ChangeKind,
  line: LineRow,
];
/** What the commit probably is: the outcome that finishes a message, or a new status of one that is finished. */
export type ChangeKind = "outcome" | "status" | "other";
type KeyRow = readonly [key: string, fingerprint: string];
type Applied<Word> = readonly [Word, leased: readonly string[]];
type AcceptAnswer = Applied<"New"> | readonly ["KeyReused" | "IdTaken"] | readonly ["Known", document: string];
type CommitAnswer = Applied<"Applied"> | readonly ["MessageUnknown"] | readonly ["Outrun", document: string];

/** What a commit changes besides its message. */
interface Companions {
  readonly enqueue: Enqueue;
  readonly keepLine: KeepLine;
  readonly match: Match;
  readonly recount: Recount;
}

// SQLite writes every index that contains a column of SET. These apply only if the other columns of indexes keep their values.
const unindexed = "revision = ?, status = ?, pricing_category = ?, billable = ?, document = ?";
const unchanged = "keeps_unit = ? AND due_at IS ? AND needs_attention = ? AND quota_block_id = ? AND is_open = 0";

/**
 * Writes no index. A finished message keeps its opening, because nobody works on it.
 *
 * @internal
 */
export const statusUpdate = `UPDATE messages SET ${unindexed}
  WHERE id = ? AND revision = ? AND ${unchanged} AND is_finished = 1`;

/**
 * Writes only the index of messages that were left behind.
 *
 * @internal
 */
export const outcomeUpdate = `UPDATE messages SET ${unindexed}, is_finished = 1
  WHERE id = ? AND revision = ? AND ${unchanged}`;

/** A commit makes this opening the message's owner, unless it is a bystander's. */
export function createMessageStoreProcedures(
  database: DatabaseSync,
  opening: number,
  { enqueue, keepLine, match, recount }: Companions,
): MessageStoreProcedures {
  const insert = prepare(
    database,
    `INSERT INTO messages (id, revision, keeps_unit, is_finished, due_at, due_set_at, order_at, delays_until, is_open, status,
       needs_attention, pricing_category, billable, document, tenant_id, outlet_id, conversation_id, recipient, reference, type,
       accepted_at, quota_block_id, idempotency_key, fingerprint, opening)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${opening})
     ON CONFLICT (id) DO NOTHING`,
  );
  const update = prepare(
    database,
    // A message keeps its place while it is open, however the clock is set.
    `UPDATE messages SET revision = ?, keeps_unit = ?, is_finished = ?, due_at = ?, due_set_at = ?,
       order_at = iif(is_open = 1, order_at, coalesce(?, order_at)), delays_until = ?, is_open = ?, status = ?,
       needs_attention = ?, pricing_category = ?, billable = ?, document = ?, quota_block_id = ?,
       opening = iif(?, opening, ${opening})
     WHERE id = ? AND revision = ?`,
  );
  const updates = { status: prepare(database, statusUpdate), outcome: prepare(database, outcomeUpdate) };
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

  const unfinished = prepare<[string, string]>(
    database,
    `SELECT id, document FROM messages WHERE is_finished = 0 AND id > ? ORDER BY id LIMIT ?`,
  );

  /** False if the commit changes more than its kind says. */
  function isUpdatedAs(kind: ChangeKind, message: MessageRow, quotaBlockId: string): boolean {
    if (kind === "other") return false;
    const [id, revision, keepsUnit, , dueAt, , , , , status, needsAttention, category, billable, document] = message;
    const set = [revision, status, category, billable, document] as const;
    return updates[kind].run(...set, id, revision - 1, keepsUnit, dueAt, needsAttention, quotaBlockId) > 0;
  }

  return {
    accept(message, request, blockId, key, entries) {
      const known = key && byKey.get(request[0], key[0]);
      if (known) return known[1] === key[1] ? ["Known", known[0]] : ["KeyReused"];
      const isNew = insert.run(...message, ...request, blockId, key && key[0], key && key[1]);
      const [, , , , dueAt] = message;
      if (isNew && dueAt !== null) keepLine([request[0], request[1]], dueAt);
      return isNew ? ["New", enqueue(entries)] : ["IdTaken"];
    },
    commit(message, [keepsKey, isBystander, quotaBlockId, kind, line], wamids, entries, recounted) {
      const [id, revision, ...columns] = message;
      const isUpdated =
        isUpdatedAs(kind, message, quotaBlockId) ||
        update.run(revision, ...columns, quotaBlockId, isBystander ? 1 : 0, id, revision - 1);
      if (!isUpdated) {
        const current = byId.get(id);
        return current ? ["Outrun", current[0]] : ["MessageUnknown"];
      }
      if (!keepsKey) freeKey.run(id);
      const [, , dueAt] = columns;
      if (dueAt !== null) keepLine(line, dueAt);
      for (const wamid of wamids) if (name.run(wamid, id)) match(wamid);
      if (recounted) recount(recounted);
      return ["Applied", enqueue(entries)];
    },
    findById: (id) => byId.get(id)?.[0],
    findByWamid: (wamid) => byWamid.get(wamid)?.[0],
    findByKey: (tenantId, key) => byKey.get(tenantId, key)?.[0],
    overdue: (limit) => leftBehind.all(limit).map(([document]) => document),
    unfinished: (afterId, limit) => unfinished.all(afterId, limit),
  };
}
