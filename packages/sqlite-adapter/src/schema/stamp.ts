import type { DatabaseSync } from "node:sqlite";

import type { Stamp } from "@message-sender/core/adapter";

import { UnusableStore } from "./unusable-store.ts";

/** Stamps a store that has no stamp yet. Throws if it has the other one. */
export function ensureStamp(database: DatabaseSync, stamp: Stamp): void {
  database.prepare("INSERT INTO store_stamp (number, stamp) VALUES (1, ?) ON CONFLICT DO NOTHING").run(stamp);
  const found = database.prepare("SELECT stamp FROM store_stamp WHERE number = 1").get() as { stamp: Stamp };
  if (found.stamp !== stamp) throw new UnusableStore(refusals[stamp]);
}

const refusals: Readonly<Record<Stamp, string>> = {
  live: "holds a sandbox's messages, which must not answer for real ones: name another file, or run with --sandbox",
  sandbox: "holds real messages, and a sandbox must not add to them: name another file, or none for a store in memory",
};
