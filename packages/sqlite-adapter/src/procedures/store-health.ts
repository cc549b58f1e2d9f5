import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

export interface StoreHealthProcedures {
  takeCommit(): void;
}

/** As much as a long message needs: a disk that has room for this has room for one. */
const paddingBytes = 32_768;

/** The write is what the commit of the batch has to put on the disk. */
export function createStoreHealthProcedures(database: DatabaseSync): StoreHealthProcedures {
  const write = prepare(
    database,
    `INSERT OR REPLACE INTO store_health (number, padding) VALUES (1, zeroblob(${paddingBytes}))`,
  );
  return { takeCommit: () => void write.run() };
}
