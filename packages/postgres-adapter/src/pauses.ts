import { decodeEachStored, decodePause, decodeStored, encodePause, type Pauses } from "@message-sender/core/adapter";
import { okAsync } from "neverthrow";

import type { Database } from "./database/database.ts";
import { done, rowsOf } from "./database/rows-of.ts";

const addPause = {
  name: "add pause",
  text: `INSERT INTO pauses (id, ends_at, document) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET ends_at = excluded.ends_at, document = excluded.document`,
};
const listPauses = { name: "list pauses", text: "SELECT document FROM pauses ORDER BY id" };
const findPause = { name: "find pause", text: "SELECT document FROM pauses WHERE id = $1" };
const removePause = { name: "remove pause", text: "DELETE FROM pauses WHERE id = $1 RETURNING id" };
const removeEndedPauses = { name: "remove ended pauses", text: "DELETE FROM pauses WHERE ends_at <= $1" };

export function createPauses(database: Database): Pauses {
  return {
    add: (pause) => done(database, addPause, [pause.id, pause.until, encodePause(pause)]),
    list: () =>
      rowsOf<{ readonly document: string }>(database, listPauses, []).andThen((rows) =>
        decodeEachStored(rows, ({ document }) => decodePause(document)),
      ),
    find: (id) =>
      rowsOf<{ readonly document: string }>(database, findPause, [id]).andThen(([row]) =>
        row ? decodeStored(row.document, decodePause) : okAsync(undefined),
      ),
    remove: (id) => rowsOf(database, removePause, [id]).map(({ length }) => length > 0),
    removeEnded: (at) => done(database, removeEndedPauses, [at]),
  };
}
