import type { Unavailable } from "@message-sender/core";
import { ResultAsync } from "neverthrow";
import pg from "pg";

import { toUnavailable } from "./database/failure.ts";
import { connectionOf, connectionTo, type PostgresConnection } from "./database/connection.ts";
import { appliedMigrations } from "./schema/migrate.ts";
import { pendingMigrations } from "./schema/pending-migrations.ts";
import { readRelease } from "./schema/release.ts";
import { UnusableStore } from "./schema/unusable-store.ts";

/** What an inspection finds without opening the store. */
export interface PostgresInspection {
  /** The version of the server, such as `18.1`. */
  readonly serverVersion: string;
  /** The server's default for commits, such as `on`. Message Sender's own commits are always synchronous. */
  readonly synchronousCommit: string;
  /** Whether the server syncs its files to disk. Without it, a crash of the machine can lose or damage everything. */
  readonly fsync: boolean;
  /** Whether pages are written in full after a checkpoint. Without it, a crash of the machine can damage a page that was half written. */
  readonly fullPageWrites: boolean;
  /** The standbys that a commit waits for, as `synchronous_standby_names` has them; empty: none. */
  readonly synchronousStandbys: string;
  /** How many standbys receive what is committed now, and for how many of them a commit may wait. Absent if this user may not see it. */
  readonly standbys?: { readonly connected: number; readonly synchronous: number };
  /** For how many seconds the longest transaction of the server has run. Absent if this user may not see it. */
  readonly longestTransactionSeconds?: number;
  /** How this connection is protected. Behind a pooler, that is the way to the pooler. */
  readonly connection: PostgresConnection;
  /** Absent if the store was never opened. */
  readonly defaultPartition?: DefaultPartition;
  /** How many bytes the database has on its disk, with all of its schemas. PostgreSQL does not tell how much room the disk has. */
  readonly databaseBytes: number;
  /** The number of the newest migration that was applied; 0 if the store was never opened. */
  readonly schemaVersion: number;
  /** How many migrations will be applied when the store is opened. */
  readonly pendingMigrations: number;
  /** The kind of messages that it holds. Absent if the store was never opened. */
  readonly stamp?: string;
}

/** The default partition of messages, or that of their WhatsApp ids if it is larger. */
export interface DefaultPartition {
  readonly bytes: number;
  /** Whether it is so large that no partition is made beside it. */
  readonly isLarge: boolean;
  /** Whether a server validates it, to attach it as a partition of its own. */
  readonly isBeingAttached: boolean;
}

/** The options of `inspectPostgresStore`. */
export interface PostgresInspectionOptions {
  /** Default `message_sender`. */
  readonly schema?: string;
}

/** As `default_partition_is_large` has it. */
const largeBytes = 64 * 1024 * 1024;

/** Inspects the store at a `postgres:` URL without changing it. If it could not be opened, the answer is `Unavailable` with the reason. */
export function inspectPostgresStore(
  url: string,
  { schema = "message_sender" }: PostgresInspectionOptions = {},
): ResultAsync<PostgresInspection, Unavailable> {
  return ResultAsync.fromPromise(inspect(url, schema), toUnavailable);
}

async function inspect(url: string, schema: string): Promise<PostgresInspection> {
  const client = new pg.Client({ ...connectionTo(url), query_timeout: 5000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const facts = await factsOf(client, schema);
    requireRights(facts, schema);
    await commitSomething(client);
    const applied = facts.may_use ? await appliedMigrations(client, schema) : [];
    const pending = pendingMigrations(applied, readRelease(), schema);
    const stamp = applied.length > 0 ? await stampOf(client, schema) : undefined;
    return {
      serverVersion: facts.version,
      synchronousCommit: facts.synchronous_commit,
      fsync: facts.fsync,
      fullPageWrites: facts.full_page_writes,
      synchronousStandbys: facts.synchronous_standbys,
      ...(facts.standbys !== null && { standbys: facts.standbys }),
      ...(facts.longest !== null && { longestTransactionSeconds: facts.longest }),
      ...(facts.default_bytes !== null && {
        defaultPartition: {
          bytes: facts.default_bytes,
          isLarge: facts.default_bytes > largeBytes,
          isBeingAttached: facts.is_being_attached,
        },
      }),
      connection: connectionOf(client),
      databaseBytes: facts.bytes,
      schemaVersion: Math.max(0, ...applied.map(({ number = 0 }) => number)),
      pendingMigrations: pending.length,
      ...(stamp !== undefined && { stamp }),
    };
  } finally {
    // Does not wait for a server that hangs.
    client.end().catch(() => {});
  }
}

interface Facts {
  readonly version: string;
  readonly read_only: boolean;
  readonly synchronous_commit: string;
  readonly fsync: boolean;
  readonly full_page_writes: boolean;
  readonly synchronous_standbys: string;
  /** Null if this user may not see it. */
  readonly standbys: { readonly connected: number; readonly synchronous: number } | null;
  /** Null if this user may not see it. */
  readonly longest: number | null;
  /** Null if there is none. */
  readonly default_bytes: number | null;
  readonly is_being_attached: boolean;
  readonly bytes: number;
  readonly standby: boolean;
  readonly may_create: boolean;
  /** Null if the schema does not exist. */
  readonly may_use: boolean | null;
}

async function factsOf(client: pg.ClientBase, schema: string): Promise<Facts> {
  // A single statement, so that a single server answers it, even behind a pooler.
  const { rows } = await client.query<Facts>(
    `SELECT
      current_setting('server_version') AS version,
      current_setting('transaction_read_only') = 'on' AS read_only,
      pg_is_in_recovery() AS standby,
      current_setting('synchronous_commit') AS synchronous_commit,
      current_setting('fsync') = 'on' AS fsync,
      current_setting('full_page_writes') = 'on' AS full_page_writes,
      current_setting('synchronous_standby_names') AS synchronous_standbys,
      CASE WHEN pg_has_role('pg_read_all_stats', 'USAGE')
        THEN (SELECT json_build_object('connected', count(*), 'synchronous', count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')))
          FROM pg_stat_replication WHERE state IN ('catchup', 'streaming')) END AS standbys,
      CASE WHEN pg_has_role('pg_read_all_stats', 'USAGE')
        THEN (SELECT coalesce(max(extract(epoch FROM now() - a.xact_start)), 0)::float8 FROM pg_stat_activity a
          WHERE a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL) END AS longest,
      (SELECT max(pg_relation_size(c.oid))::float8 FROM pg_class c
        WHERE c.relnamespace = to_regnamespace(quote_ident($1)) AND c.relname IN ('messages_default', 'wamids_default')) AS default_bytes,
      EXISTS (SELECT FROM pg_constraint c
        WHERE c.connamespace = to_regnamespace(quote_ident($1)) AND c.conname = 'messages_default_bound') AS is_being_attached,
      pg_database_size(current_database())::float8 AS bytes,
      has_database_privilege(current_database(), 'CREATE') AS may_create,
      has_schema_privilege(to_regnamespace(quote_ident($1)), 'USAGE') AS may_use`,
    [schema],
  );
  if (!rows[0]) throw new Error("The server did not answer.");
  return rows[0];
}

/**
 * Writes and commits something, and changes nothing: a sort that does not fit into memory needs room for a file on the disk of the
 * data (as `probe_commit`), and the commit reaches the disk of the write-ahead log. It does not wait for standbys: one that is not
 * connected would let it hang.
 */
async function commitSomething(client: pg.ClientBase): Promise<void> {
  try {
    await client.query(`BEGIN; SET LOCAL synchronous_commit = local; SET LOCAL work_mem = '64kB';
      SELECT count(DISTINCT md5(n::text) || repeat('x', 400)) FROM generate_series(1, 1000) n;
      SELECT pg_logical_emit_message(true, 'message-sender', ''); COMMIT`);
  } catch (cause) {
    // A role may be forbidden to call this function, and still be allowed all that a store needs.
    if ((cause as { code?: string }).code !== insufficientPrivilege) throw cause;
    await client.query("ROLLBACK");
  }
}

const insufficientPrivilege = "42501";

function requireRights(facts: Facts, schema: string): void {
  if (facts.standby) throw new UnusableStore("the server is a standby, which accepts no writes");
  if (facts.read_only) throw new UnusableStore("the server accepts no writes: its transactions are read-only");
  if (facts.may_use === null && !facts.may_create) {
    throw new UnusableStore(`there is no schema ${schema}, and this user may not create it`);
  }
  if (facts.may_use === false) throw new UnusableStore(`this user may not use the schema ${schema}`);
}

async function stampOf(client: pg.ClientBase, schema: string): Promise<string | undefined> {
  const { rows } = await client.query<{ stamp: string }>(
    `SELECT stamp FROM ${pg.escapeIdentifier(schema)}.store_stamp`,
  );
  return rows[0]?.stamp;
}
