import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

export interface ParkedStatusesProcedures {
  /** Returns the number of oldest statuses that were deleted to make room. */
  park(updates: readonly ParkedRow[], now: number): number;
  matchedStatuses(limit: number): readonly string[];
  dropStatuses(statuses: readonly string[]): void;
}

/** Marks the statuses of a message whose wamid has just become known. */
export type Match = (wamid: string) => void;

type ParkedRow = readonly [wamid: string, status: string];

/** Most parked statuses may belong to other senders. The commit that names a message marks its statuses, which avoids a search. */
export function createParkedStatusesProcedures(
  database: DatabaseSync,
  capacity: number,
): ParkedStatusesProcedures & { match: Match } {
  const insert = prepare(
    database,
    `INSERT INTO parked_statuses (wamid, status, parked_at, is_matched)
     VALUES (?, ?, ?, EXISTS (SELECT 1 FROM wamids WHERE wamid = ?))
     ON CONFLICT (status) DO NOTHING`,
  );
  const mark = prepare(database, `UPDATE parked_statuses SET is_matched = 1 WHERE wamid = ? AND is_matched = 0`);
  const list = prepare<[string]>(
    database,
    `SELECT status FROM parked_statuses
     WHERE is_matched = 1 AND EXISTS (SELECT 1 FROM wamids WHERE wamids.wamid = parked_statuses.wamid)
     ORDER BY number LIMIT ?`,
  );
  const remove = prepare(database, `DELETE FROM parked_statuses WHERE status = ?`);
  const count = prepare<[number]>(database, `SELECT count(*) FROM parked_statuses`);
  const removeOldest = prepare(
    database,
    `DELETE FROM parked_statuses WHERE number IN (SELECT number FROM parked_statuses ORDER BY number LIMIT ?)`,
  );
  const any = prepare<[1]>(database, `SELECT 1 FROM parked_statuses LIMIT 1`);
  // Mostly nothing is parked, and a send need not search.
  let mayHoldAny = any.get() !== undefined;
  // Counting is slow, so it is done only every few calls.
  const countEvery = Math.ceil(capacity / 100);
  let uncounted = countEvery;

  function makeRoom(arrived: number): number {
    uncounted += arrived;
    if (uncounted < countEvery) return 0;
    uncounted = 0;
    const [kept] = count.get() ?? [0];
    return kept > capacity ? removeOldest.run(kept - capacity) : 0;
  }

  return {
    park(updates, now) {
      mayHoldAny = true;
      for (const update of updates) insert.run(...update, now, update[0]);
      return makeRoom(updates.length);
    },
    match: (wamid) => void (mayHoldAny && mark.run(wamid)),
    matchedStatuses: (limit) => list.all(limit).map(([status]) => status),
    dropStatuses(statuses) {
      for (const status of statuses) remove.run(status);
      mayHoldAny &&= any.get() !== undefined;
    },
  };
}
