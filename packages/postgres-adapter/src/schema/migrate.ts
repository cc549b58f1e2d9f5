import pg from "pg";

import { type AppliedMigration, pendingMigrations } from "./pending-migrations.ts";
import { readRelease } from "./release.ts";

const record = `INSERT INTO migrations (number, name, checksum, procedures)
  SELECT number, name, checksum, $2 FROM json_to_recordset($1) AS m (number integer, name text, checksum text)`;

/**
 * Brings the store in `schema` up to date, within the transaction of `client`. If several processes start at once, one of them
 * migrates and the others wait. A store that is up to date is only read, so that a role without rights to change tables can
 * open it.
 *
 * Procedures are replaced only together with a migration, so that servers of two versions never replace each other's: the
 * older version is refused once the newer one has migrated.
 */
export async function migrate(client: pg.ClientBase, schema: string): Promise<void> {
  const release = readRelease();
  const pending = async () => pendingMigrations(await appliedMigrations(client, schema), release, schema);
  if ((await pending()).length === 0) return;

  await client.query("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s'");
  await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`message-sender migrations of ${schema}`]);
  // Another process may have migrated while this one waited for the lock.
  const migrations = await pending();
  if (migrations.length === 0) return;

  await client.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
  await client.query([...migrations, release.procedures].map(({ sql }) => sql).join("\n"));
  await client.query(record, [JSON.stringify(migrations), release.procedures.checksum]);
}

/** The rows of the table `migrations`, whatever its columns are. Empty if the table does not exist. */
export async function appliedMigrations(client: pg.ClientBase, schema: string): Promise<readonly AppliedMigration[]> {
  // Not `to_regclass`: it may answer from a cache that lacks what another process has just committed.
  const find = "SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'migrations'";
  if ((await client.query(find, [schema])).rowCount === 0) return [];
  const { rows } = await client.query<{ row: AppliedMigration }>(
    `SELECT to_jsonb(m) AS row FROM ${pg.escapeIdentifier(schema)}.migrations m`,
  );
  return rows.map(({ row }) => row);
}
