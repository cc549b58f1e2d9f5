import type { Recipients } from "@message-sender/core/adapter";
import { okAsync } from "neverthrow";

import type { Database } from "./database/database.ts";
import { done, rowsOf } from "./database/rows-of.ts";

interface RecipientRow {
  readonly wrote_at: Date | null;
  readonly stopped_at: Date | null;
  readonly resumed_at: Date | null;
  readonly known_as: string | null;
}

// In a fixed order, so that two of these cannot deadlock. `greatest` ignores NULL.
const note = {
  name: "note recipients",
  text: `INSERT INTO recipients AS known (phone_number_id, recipient, wrote_at, stopped_at, resumed_at, heard_at)
    SELECT phone_number_id, recipient,
      max(at) FILTER (WHERE kind = 'Wrote'),
      max(at) FILTER (WHERE kind = 'StoppedMarketing'),
      max(at) FILTER (WHERE kind = 'ResumedMarketing'),
      max(at)
    FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS fact (phone_number_id, recipient, kind, at)
    GROUP BY phone_number_id, recipient
    ORDER BY phone_number_id COLLATE "C", recipient COLLATE "C"
    ON CONFLICT (phone_number_id, recipient) DO UPDATE SET
      wrote_at = greatest(known.wrote_at, excluded.wrote_at),
      stopped_at = greatest(known.stopped_at, excluded.stopped_at),
      resumed_at = greatest(known.resumed_at, excluded.resumed_at),
      heard_at = greatest(known.heard_at, excluded.heard_at)`,
};
const noteName = {
  name: "note recipient name",
  text: `INSERT INTO recipients AS known (phone_number_id, recipient, known_as, heard_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (phone_number_id, recipient) DO UPDATE SET
      known_as = excluded.known_as,
      heard_at = greatest(known.heard_at, excluded.heard_at)`,
};
const find = {
  name: "find recipient",
  text: `SELECT wrote_at, stopped_at, resumed_at, known_as FROM recipients
    WHERE phone_number_id = $1 AND recipient = $2`,
};

export function createRecipients(database: Database): Recipients {
  return {
    note(facts) {
      if (facts.length === 0) return okAsync(undefined);
      const columns = (["phoneNumberId", "recipient", "kind", "at"] as const).map((name) =>
        facts.map((fact) => fact[name]),
      );
      return done(database, note, columns);
    },
    noteName: ({ phoneNumberId, recipient, knownAs, at }) =>
      done(database, noteName, [phoneNumberId, recipient, knownAs, at]),
    find: (phoneNumberId, recipient) =>
      rowsOf<RecipientRow>(database, find, [phoneNumberId, recipient]).map(([row]) => ({
        ...(row?.wrote_at && { wroteAt: row.wrote_at }),
        ...(row?.stopped_at && { stoppedMarketingAt: row.stopped_at }),
        ...(row?.resumed_at && { resumedMarketingAt: row.resumed_at }),
        ...(row?.known_as && { knownAs: row.known_as }),
      })),
  };
}
