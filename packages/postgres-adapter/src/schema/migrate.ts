import { readdir, readFile } from "node:fs/promises";

import type { Stamp } from "@message-sender/core";
import pg from "pg";

import type { Database } from "../database/database.ts";
import { OtherStamp } from "./stamp.ts";

const folder = new URL("../../migrations/", import.meta.url);

/** The migrations that this release knows, in their order. */
export async function migrationNames(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
}

/**
 * Applies the migrations that `schema` does not have yet, all or none, and stamps a store that is new; of several processes
 * one does, the others wait.
 */
export async function migrate(database: Database, schema: string, stamp: Stamp): Promise<void> {
  const names = await migrationNames();
  await database.withConnection(async (client) => {
    await client.query("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s'");
    await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`message-sender migrations of ${schema}`]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
    await client.query(
      "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
    );
    const { rows } = await client.query<{ name: string }>("SELECT name FROM migrations");
    const applied = new Set(rows.map(({ name }) => name));
    for (const name of names) {
      if (applied.has(name)) continue;
      await client.query(await readFile(new URL(name, folder), "utf8"));
      await client.query("INSERT INTO migrations (name) VALUES ($1)", [name]);
    }
    await insistOnStamp(client, stamp);
  });
}

/** Stamps the store that has no stamp yet, and refuses one with the other. */
async function insistOnStamp(client: pg.ClientBase, stamp: Stamp): Promise<void> {
  await client.query("INSERT INTO store_stamp (stamp) VALUES ($1) ON CONFLICT DO NOTHING", [stamp]);
  const { rows } = await client.query<{ stamp: Stamp }>("SELECT stamp FROM store_stamp");
  if (rows[0]?.stamp !== stamp) throw new OtherStamp(stamp);
}
