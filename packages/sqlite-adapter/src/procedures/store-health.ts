import type { DatabaseSync } from "node:sqlite";

import type { Procedures } from "./procedures.ts";
import { prepare } from "./statement.ts";

/** About what a long message takes, so that a disk that has room for this has room for one. */
const paddingBytes = 32_768;

export function healthProcedures(database: DatabaseSync): Pick<Procedures, "takeCommit"> {
  const write = prepare(
    database,
    `INSERT OR REPLACE INTO store_health (number, padding) VALUES (1, zeroblob(${paddingBytes}))`,
  );
  return { takeCommit: () => void write.run() };
}
