import type { DatabaseSync } from "node:sqlite";

import type { Procedures, RecipientRow } from "./procedures.ts";
import { prepare } from "./statement.ts";

/** Of each time the latest stays; `max` of anything and NULL would be NULL. */
export function recipientProcedures(
  database: DatabaseSync,
): Pick<Procedures, "noteRecipients" | "noteRecipientName" | "findRecipient"> {
  const upsert = prepare(
    database,
    `INSERT INTO recipients AS known (phone_number_id, recipient, wrote_at, stopped_at, resumed_at, heard_at)
     VALUES (?1, ?2, ?3, ?4, ?5, coalesce(?3, ?4, ?5))
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
      for (const fact of facts) upsert.run(...fact);
    },
    noteRecipientName: (name) => void rename.run(...name),
    findRecipient: (phoneNumberId, recipient) => find.get(phoneNumberId, recipient),
  };
}
