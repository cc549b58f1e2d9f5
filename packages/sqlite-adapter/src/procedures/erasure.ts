import type { DatabaseSync } from "node:sqlite";

import { oweRewriting } from "../schema/rewriting.ts";
import { erased, wamidsIn } from "./retention.ts";
import { prepare } from "./statement.ts";

export interface ErasureProcedures {
  namesOfPerson(names: readonly string[]): readonly string[];
  /** The outbox entries of a message. */
  entriesOfMessage(id: string): readonly EntryRow[];
  /** Replaces a message and its outbox entries. Returns whether the stored revision was the one before. */
  eraseMessage(
    message: readonly [id: string, revision: number, document: string],
    entries: readonly EntryRow[],
  ): boolean;
  /** Parked statuses are not counted. */
  forgetPerson(names: readonly string[], pattern: RegExp): readonly [recipients: number, webhooks: number];
}

type EntryRow = readonly [id: string, entry: string];

/** These statements read whole tables: a person is erased rarely. */
export function createErasureProcedures(database: DatabaseSync): ErasureProcedures {
  const aliases = prepare<[string, string]>(
    database,
    `SELECT recipient, known_as FROM recipients WHERE known_as IS NOT NULL
       AND (recipient IN (SELECT value FROM json_each(:names)) OR known_as IN (SELECT value FROM json_each(:names)))`,
  );
  const replace = prepare(
    database,
    `UPDATE messages SET revision = ?, document = ?, recipient = '${erased}', reference = NULL,
       fingerprint = iif(fingerprint IS NULL, NULL, '${erased}')
     WHERE id = ? AND revision = ? AND is_finished = 1`,
  );
  const wamids = prepare(database, `DELETE FROM wamids WHERE wamid = ? AND message_id = ?`);
  const document = prepare<[string]>(database, `SELECT document FROM messages WHERE id = ?`);
  const parked = prepare(database, `DELETE FROM parked_statuses WHERE wamid = ?`);
  // The id of an entry begins with its message's id and a colon. The semicolon is the character after the colon.
  const entries = prepare<[string, string]>(
    database,
    `SELECT id, entry FROM outbox
     WHERE id > ? || ':' AND id < ? || ';' OR id > 'status:' || ? || ':' AND id < 'status:' || ? || ';'`,
  );
  const blank = prepare(
    database,
    `UPDATE outbox SET entry = ?, why = iif(why IS NULL, NULL, '${erased}') WHERE id = ?`,
  );
  const unexplain = prepare(
    database,
    `UPDATE late_deliveries SET why = '${erased}' WHERE why IS NOT NULL AND (
       id > ? || ':' AND id < ? || ';' OR id > 'status:' || ? || ':' AND id < 'status:' || ? || ';')`,
  );
  const recipients = prepare(
    database,
    `DELETE FROM recipients
     WHERE recipient IN (SELECT value FROM json_each(?)) OR known_as IN (SELECT value FROM json_each(?))`,
  );
  const webhooks = prepare<[number, string, string]>(
    database,
    `SELECT number, id, webhook FROM webhooks WHERE number > :after`,
  );
  const removeWebhook = prepare(database, `DELETE FROM webhooks WHERE number = ?`);
  const waiting = prepare<[number, string, string]>(
    database,
    `SELECT sequence, substr(id, 9), entry FROM outbox WHERE topic = 'webhook' AND sequence > :after`,
  );
  const removeWaiting = prepare(database, `DELETE FROM outbox WHERE sequence = ?`);
  const statuses = prepare<[number, string, string]>(
    database,
    `SELECT number, wamid, status FROM parked_statuses WHERE number > :after`,
  );
  const removeStatus = prepare(database, `DELETE FROM parked_statuses WHERE number = ?`);

  function forgetStatuses(pattern: RegExp): number {
    const found: number[] = [];
    for (const [number, wamid, text] of statuses.each({ after: -1 })) {
      if (pattern.test(text) || pattern.test(bytesOfWamid(wamid))) found.push(number);
    }
    for (const number of found) removeStatus.run(number);
    return found.length;
  }

  return {
    namesOfPerson(names) {
      const all = new Set(names);
      for (let size = 0; size < all.size;) {
        size = all.size;
        for (const row of aliases.each({ names: JSON.stringify([...all]) })) for (const name of row) all.add(name);
      }
      return [...all];
    },
    entriesOfMessage: (id) => entries.all(id, id, id, id),
    eraseMessage([id, revision, next], blanked) {
      const [before = ""] = document.get(id) ?? [];
      if (replace.run(revision, next, id, revision - 1) === 0) return false;
      for (const wamid of wamidsIn(before)) {
        wamids.run(wamid, id);
        parked.run(wamid);
      }
      for (const [entryId, entry] of blanked) blank.run(entry, entryId);
      unexplain.run(id, id, id, id);
      oweRewriting(database);
      return true;
    },
    forgetPerson(names, pattern) {
      const gone = new Set<string>();
      for (const [statement, remove] of [
        [webhooks, removeWebhook],
        [waiting, removeWaiting],
      ] as const) {
        const found: number[] = [];
        for (const [number, id, text] of statement.each({ after: -1 })) {
          if (!pattern.test(text)) continue;
          gone.add(id);
          found.push(number);
        }
        for (const number of found) remove.run(number);
      }
      const text = JSON.stringify(names);
      const forgotten = recipients.run(text, text);
      if (forgetStatuses(pattern) + forgotten + gone.size > 0) oweRewriting(database);
      return [forgotten, gone.size];
    },
  };
}

/** What is in base64 after `wamid.`, a character for each byte. */
function bytesOfWamid(wamid: string): string {
  return Buffer.from(wamid.slice(wamid.indexOf(".") + 1), "base64").toString("latin1");
}
