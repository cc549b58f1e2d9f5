import { hash } from "node:crypto";

import {
  type Clock,
  decodeStatusUpdate,
  encodeStatusUpdate,
  type ParkedStatuses,
  type StatusUpdate,
} from "@message-sender/core";
import { okAsync } from "neverthrow";

import type { Database } from "./database.ts";
import { done, rowsOf } from "./rows-of.ts";

const park = {
  name: "park statuses",
  text: `INSERT INTO parked_statuses (digest, wamid, status_update, parked_at)
    SELECT digest, wamid, status_update, $4
    FROM unnest($1::text[], $2::text[], $3::text[]) AS parking (digest, wamid, status_update)
    ORDER BY digest COLLATE "C"
    ON CONFLICT DO NOTHING`,
};
const matched = {
  name: "matched statuses",
  text: `SELECT status_update FROM parked_statuses
    WHERE EXISTS (SELECT FROM wamids w WHERE w.wamid = parked_statuses.wamid) ORDER BY parked_at LIMIT $1`,
};
const drop = { name: "drop statuses", text: "DELETE FROM parked_statuses WHERE digest = ANY ($1)" };

/** What a message commits to its ids is what matches. */
export function createParkedStatuses(database: Database, clock: Clock): ParkedStatuses {
  return {
    park(updates) {
      if (updates.length === 0) return okAsync(undefined);
      const texts = updates.map(encodeStatusUpdate);
      return done(database, park, [texts.map(digest), updates.map(({ wamid }) => wamid), texts, clock.now()]);
    },
    matched: (limit) =>
      rowsOf<{ status_update: string }>(database, matched, [limit]).map((rows) =>
        rows.map((row) => decodeStatusUpdate(row.status_update)),
      ),
    drop: (updates) => (updates.length === 0 ? okAsync(undefined) : done(database, drop, [updates.map(digestOf)])),
  };
}

function digestOf(update: StatusUpdate): string {
  return digest(encodeStatusUpdate(update));
}

function digest(text: string): string {
  return hash("sha256", text);
}
