import type { Stamp } from "@message-sender/core/adapter";
import type pg from "pg";

import { UnusableStore } from "./unusable-store.ts";

/** Stamps a store that has no stamp yet. Throws if it has the other one. */
export async function ensureStamp(client: pg.ClientBase, stamp: Stamp): Promise<void> {
  const find = "SELECT stamp FROM store_stamp";
  let { rows } = await client.query<{ stamp: Stamp }>(find);
  if (rows.length === 0) {
    await client.query("INSERT INTO store_stamp (stamp) VALUES ($1) ON CONFLICT DO NOTHING", [stamp]);
    ({ rows } = await client.query<{ stamp: Stamp }>(find));
  }
  if (rows[0]?.stamp !== stamp) throw new UnusableStore(refusals[stamp]);
}

const refusals: Readonly<Record<Stamp, string>> = {
  live: "it holds a sandbox's messages, which must not answer for real ones: name another database, or run with --sandbox",
  sandbox:
    "it holds real messages, and a sandbox must not add to them: name another database, or none for one in memory",
};
