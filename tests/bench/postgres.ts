import { join } from "node:path";

import pg from "pg";

import { startEmbeddedPostgres } from "../support/embedded-postgres.ts";

export interface Postgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** The PostgreSQL at TEST_DATABASE_URL, or else a new one that syncs each commit to disk. */
export async function startPostgres(folder: string, schema: string): Promise<Postgres> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given !== undefined) return { url: given, stop: () => drop(given, schema) };
  return startEmbeddedPostgres({ databaseDir: join(folder, "postgres"), isDurable: true });
}

async function drop(url: string, schema: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  } finally {
    await client.end();
  }
}
