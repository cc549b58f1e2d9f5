import type pg from "pg";

/** Whether a store's messages are real or a sandbox's. */
export type Stamp = "live" | "sandbox";

/** Stamps the store that has no stamp yet, and refuses one with the other. */
export async function insistOnStamp(client: pg.ClientBase, stamp: Stamp): Promise<void> {
  await client.query("INSERT INTO store_stamp (stamp) VALUES ($1) ON CONFLICT DO NOTHING", [stamp]);
  const { rows } = await client.query<{ stamp: Stamp }>("SELECT stamp FROM store_stamp");
  if (rows[0]?.stamp !== stamp) throw new OtherStamp(stamp);
}

export class OtherStamp extends Error {
  constructor(wanted: Stamp) {
    super(
      wanted === "live"
        ? "it holds a sandbox's messages, which must not answer for real ones: name another database, or run with --sandbox"
        : "it holds real messages, and a sandbox must not add to them: name another database, or none for one in memory",
    );
  }
}
