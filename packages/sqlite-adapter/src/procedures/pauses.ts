import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

export interface PausesProcedures {
  addPause(pause: PauseRow): void;
  listPauses(): readonly string[];
  findPause(id: string): string | undefined;
  removePause(id: string): boolean;
  removeEndedPauses(at: number): void;
}

type PauseRow = readonly [id: string, endsAt: number | null, document: string];

export function createPausesProcedures(database: DatabaseSync): PausesProcedures {
  const add = prepare(database, `INSERT OR REPLACE INTO pauses (id, ends_at, document) VALUES (?, ?, ?)`);
  const list = prepare<readonly [document: string]>(database, `SELECT document FROM pauses ORDER BY id`);
  const find = prepare<readonly [document: string]>(database, `SELECT document FROM pauses WHERE id = ?`);
  const remove = prepare(database, `DELETE FROM pauses WHERE id = ?`);
  const removeEnded = prepare(database, `DELETE FROM pauses WHERE ends_at <= ?`);

  return {
    addPause: (pause) => void add.run(...pause),
    listPauses: () => list.all().map(([document]) => document),
    findPause: (id) => find.get(id)?.[0],
    removePause: (id) => remove.run(id) > 0,
    removeEndedPauses: (at) => void removeEnded.run(at),
  };
}
