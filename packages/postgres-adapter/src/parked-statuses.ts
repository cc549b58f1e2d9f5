import { hash } from "node:crypto";

import type { Unavailable } from "@message-sender/core";
import {
  decodeEachStored,
  decodeStatusUpdate,
  encodeStatusUpdate,
  type ParkedStatuses,
  type SteadyTime,
  type StatusUpdate,
} from "@message-sender/core/adapter";
import { okAsync, type ResultAsync } from "neverthrow";

import type { Database } from "./database/database.ts";
import { done, rowsOf } from "./database/rows-of.ts";

const park = {
  name: "park statuses",
  text: `INSERT INTO parked_statuses (digest, wamid, status_update, parked_at, matched)
    SELECT digest, wamid, status_update, $4, EXISTS (SELECT FROM wamids w WHERE w.wamid = parking.wamid)
    FROM unnest($1::text[], $2::text[], $3::text[]) AS parking (digest, wamid, status_update)
    ORDER BY digest COLLATE "C"
    ON CONFLICT DO NOTHING`,
};
// A trim that waits for another one finds the rows gone, and deletes no others instead.
const trim = {
  name: "trim statuses",
  text: `WITH oldest AS MATERIALIZED (
      SELECT digest FROM parked_statuses ORDER BY number
      LIMIT greatest(0, (SELECT count(*) FROM parked_statuses) - $1::bigint) FOR UPDATE
    ), gone AS (
      DELETE FROM parked_statuses p USING oldest WHERE p.digest = oldest.digest RETURNING p.digest
    )
    SELECT count(*) AS gone FROM gone`,
};
const matched = { name: "matched statuses", text: "SELECT status_update FROM matched_statuses($1)" };
const drop = { name: "drop statuses", text: "DELETE FROM parked_statuses WHERE digest = ANY ($1)" };

/** A status is matched by the commit that names its message. Counting is slow, so it is done only every few calls. */
export function createParkedStatuses(database: Database, time: SteadyTime, capacity: number): ParkedStatuses {
  const countEvery = Math.ceil(capacity / 100);
  let uncounted = countEvery;

  function makeRoom(arrived: number): ResultAsync<number, Unavailable> {
    uncounted += arrived;
    if (uncounted < countEvery) return okAsync(0);
    uncounted = 0;
    return rowsOf<{ gone: number }>(database, trim, [capacity]).map(([row]) => row?.gone ?? 0);
  }

  return {
    park(updates) {
      if (updates.length === 0) return okAsync({ forgotten: 0 });
      const texts = updates.map(encodeStatusUpdate);
      const wamids = updates.map(({ wamid }) => wamid);
      return done(database, park, [texts.map(digest), wamids, texts, new Date(time.now())])
        .andThen(() => makeRoom(updates.length))
        .map((forgotten) => ({ forgotten }));
    },
    matched: (limit) =>
      rowsOf<{ status_update: string }>(database, matched, [limit]).andThen((rows) =>
        decodeEachStored(rows, (row) => decodeStatusUpdate(row.status_update)),
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
