import type { Message } from "@message-sender/core";
import type { DatabaseSync } from "node:sqlite";

import { prepare, type Statement } from "./statement.ts";

/** The core's word for what was erased. This thread does not load the core. */
export const erased = "erased";

export interface RetentionProcedures {
  /** Returns the number of deleted rows. */
  forget(before: LimitsRow, limit: number, now: number): number;
  /** The documents of finished messages with their recipient, the earliest first. */
  keptMessages(before: number, limit: number): readonly string[];
}

type LimitsRow = readonly [
  keys: number,
  messages: number,
  parkedStatuses: number,
  webhooks: number,
  recipients: number,
  outboxEntries: number,
];

/** Deletes the oldest first. The wamids of a message are found in its document. */
export function createRetentionProcedures(database: DatabaseSync): RetentionProcedures {
  // The id of an outbox entry begins with its message's id and a colon. The semicolon is the character after the colon.
  const messages = prepare<[id: string, document: string]>(
    database,
    `DELETE FROM messages WHERE number IN (
       SELECT number FROM messages AS old INDEXED BY messages_by_age
       WHERE accepted_at < ? AND is_finished = 1
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE id > old.id || ':' AND id < old.id || ';')
         AND NOT (keeps_unit = 1 AND EXISTS (SELECT 1 FROM quota_blocks WHERE id = old.quota_block_id))
       ORDER BY accepted_at, number LIMIT ?)
     RETURNING id, document`,
  );
  const wamid = prepare(database, `DELETE FROM wamids WHERE wamid = ? AND message_id = ?`);
  const keys = prepare(
    database,
    `UPDATE messages SET idempotency_key = NULL, fingerprint = NULL WHERE number IN (
       SELECT number FROM messages INDEXED BY messages_with_key_by_age
       WHERE accepted_at < ? AND idempotency_key IS NOT NULL AND is_finished = 1
       ORDER BY accepted_at, number LIMIT ?)`,
  );
  const parkedStatuses = oldest(database, "parked_statuses", "parked_at");
  const webhooks = oldest(database, "webhooks", "received_at");
  // In the order in which they entered, or nearly so: one that was revived has entered anew.
  const dead = prepare(
    database,
    `DELETE FROM outbox WHERE sequence IN (
       SELECT sequence FROM outbox WHERE topic = ? AND state = 'dead' AND enqueued_at < ? ORDER BY sequence LIMIT ?)`,
  );
  // The first of a queue is its oldest entry. The next one takes its place.
  const waiting = prepare<[tenantId: string, queue: string]>(
    database,
    `DELETE FROM outbox WHERE sequence IN (
       SELECT sequence FROM outbox INDEXED BY outbox_due
       WHERE topic = ? AND due_at IS NOT NULL AND enqueued_at < ? ORDER BY sequence LIMIT ?)
     RETURNING tenant_id, queue`,
  );
  const moveUp = prepare(
    database,
    `UPDATE outbox SET due_at = ? WHERE sequence =
       (SELECT min(sequence) FROM outbox WHERE topic = ? AND tenant_id = ? AND queue = ? AND state = 'waiting')`,
  );
  const kept = prepare<[string]>(
    database,
    `SELECT document FROM messages INDEXED BY messages_by_age
     WHERE accepted_at < ? AND is_finished = 1 AND recipient <> '${erased}' ORDER BY accepted_at, number LIMIT ?`,
  );
  const deliveries = prepare(
    database,
    `DELETE FROM late_deliveries WHERE id IN (
       SELECT id FROM late_deliveries WHERE delivered_at < ? ORDER BY delivered_at LIMIT ?)`,
  );
  const recipients = oldest(database, "recipients", "heard_at", "AND has_stopped = 0");

  function forgetMessages(before: number, limit: number): number {
    const forgotten = messages.all(before, limit);
    for (const [id, document] of forgotten) {
      for (const name of wamidsIn(document)) wamid.run(name, id);
    }
    return forgotten.length;
  }

  function forgetEntries(topic: "status" | "webhook", before: number, limit: number, now: number): number {
    let forgotten = dead.run(topic, before, limit);
    while (forgotten < limit) {
      const queues = waiting.all(topic, before, limit - forgotten);
      if (queues.length === 0) break;
      for (const queue of queues) moveUp.run(now, topic, ...queue);
      forgotten += queues.length;
    }
    return forgotten;
  }

  return {
    keptMessages: (before, limit) => kept.all(before, limit).map(([document]) => document),
    forget: ([keysBefore, messagesBefore, parkedBefore, webhooksBefore, recipientsBefore, enteredBefore], limit, now) =>
      forgetMessages(messagesBefore, limit) +
      keys.run(keysBefore, limit) +
      parkedStatuses.run(parkedBefore, limit) +
      webhooks.run(webhooksBefore, limit) +
      recipients.run(recipientsBefore, limit) +
      deliveries.run(enteredBefore, limit) +
      forgetEntries("status", enteredBefore, limit, now) +
      forgetEntries("webhook", enteredBefore, limit, now),
  };
}

function oldest(database: DatabaseSync, table: string, time: string, condition = ""): Statement<never> {
  const old = `SELECT number FROM ${table} WHERE ${time} < ? ${condition} ORDER BY ${time} LIMIT ?`;
  return prepare(database, `DELETE FROM ${table} WHERE number IN (${old})`);
}

/** Every wamid of the message's attempts, from answers and webhooks. Empty if the document is damaged. */
export function wamidsIn(document: string): readonly string[] {
  try {
    const { attempts } = JSON.parse(document) as Pick<Message, "attempts">;
    return attempts.flatMap(({ ended, reports = [] }) => {
      const reported = reports.map(({ wamid }) => wamid);
      return ended?.outcome.kind === "Accepted" ? [ended.outcome.wamid, ...reported] : reported;
    });
  } catch {
    return [];
  }
}
