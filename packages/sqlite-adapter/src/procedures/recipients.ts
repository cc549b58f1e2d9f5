import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

export interface RecipientsProcedures {
  noteRecipients(facts: readonly RecipientFactRow[]): void;
  noteRecipientName(name: RecipientNameRow): void;
  findRecipient(phoneNumberId: string, recipient: string): RecipientRow | undefined;
}

type RecipientTimes = readonly [wroteAt: number | null, stoppedAt: number | null, resumedAt: number | null];
type RecipientRow = readonly [...RecipientTimes, knownAs: string | null];
export type RecipientFactRow = readonly [phoneNumberId: string, recipient: string, ...RecipientTimes];
type RecipientNameRow = readonly [phoneNumberId: string, recipient: string, knownAs: string, at: number];

/** Keeps the latest of each time. The `coalesce` is for `max`, which is NULL if any of its arguments is. */
export function createRecipientsProcedures(database: DatabaseSync): RecipientsProcedures {
  const upsert = prepare(
    database,
    `INSERT INTO recipients AS known (phone_number_id, recipient, wrote_at, stopped_at, resumed_at, heard_at)
     VALUES (?, ?, ?, ?, ?, coalesce(?, ?, ?))
     ON CONFLICT (phone_number_id, recipient) DO UPDATE SET
       wrote_at = max(coalesce(known.wrote_at, excluded.wrote_at), coalesce(excluded.wrote_at, known.wrote_at)),
       stopped_at = max(coalesce(known.stopped_at, excluded.stopped_at), coalesce(excluded.stopped_at, known.stopped_at)),
       resumed_at = max(coalesce(known.resumed_at, excluded.resumed_at), coalesce(excluded.resumed_at, known.resumed_at)),
       heard_at = max(known.heard_at, excluded.heard_at)`,
  );
  const rename = prepare(
    database,
    `INSERT INTO recipients AS known (phone_number_id, recipient, known_as, heard_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (phone_number_id, recipient) DO UPDATE SET
       known_as = excluded.known_as,
       heard_at = max(known.heard_at, excluded.heard_at)`,
  );
  const find = prepare<RecipientRow>(
    database,
    `SELECT wrote_at, stopped_at, resumed_at, known_as FROM recipients WHERE phone_number_id = ? AND recipient = ?`,
  );

  return {
    noteRecipients(facts) {
      for (const fact of facts) {
        const [, , ...times] = fact;
        upsert.run(...fact, ...times);
      }
    },
    noteRecipientName: (name) => void rename.run(...name),
    findRecipient: (phoneNumberId, recipient) => find.get(phoneNumberId, recipient),
  };
}
