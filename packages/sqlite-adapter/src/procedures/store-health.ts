import type { DatabaseSync } from "node:sqlite";

import { prepare } from "./statement.ts";

export interface StoreHealthProcedures {
  probeCommit(): void;
}

/** The size of a long message: a disk with room for this has room for a message. */
const paddingBytes = 32_768;

/** The commit of the batch has to write this to the disk. */
export function createStoreHealthProcedures(database: DatabaseSync): StoreHealthProcedures {
  const write = prepare(
    database,
    `INSERT OR REPLACE INTO store_health (number, padding) VALUES (1, zeroblob(${paddingBytes}))`,
  );
  return { probeCommit: () => void write.run() };
}
