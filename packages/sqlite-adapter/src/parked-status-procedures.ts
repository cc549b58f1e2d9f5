import type { DatabaseSync } from "node:sqlite";

import type { Procedures } from "./procedures.ts";
import { prepare } from "./statement.ts";

type ParkedStatusProcedures = Pick<Procedures, "park" | "matchedStatuses" | "dropStatuses"> & {
  match(wamid: string): void;
};

/** Most of what is parked may never be ours: it is marked when a message gets its wamid, so that nobody has to search. */
export function parkedStatusProcedures(database: DatabaseSync): ParkedStatusProcedures {
  const insert = prepare(
    database,
    `INSERT INTO parked_statuses (wamid, status, parked_at, is_matched)
     VALUES (?1, ?2, ?3, EXISTS (SELECT 1 FROM wamids WHERE wamid = ?1))
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

  return {
    park(updates, now) {
      for (const update of updates) insert.run(...update, now);
    },
    match: (wamid) => void mark.run(wamid),
    matchedStatuses: (limit) => list.all(limit).map(([status]) => status),
    dropStatuses(statuses) {
      for (const status of statuses) remove.run(status);
    },
  };
}
