import type { R, Unavailable } from "@message-sender/core";
import { err, ok, ResultAsync, safeTry } from "neverthrow";
import pg from "pg";

import { toUnavailable } from "./database/failure.ts";
import { migrationNames } from "./schema/migrate.ts";

/** What a store looks like from outside. */
export interface PostgresInspection {
  /** The server's own, such as `18.1`. */
  readonly serverVersion: string;
  /** How many migrations opening the store will apply. */
  readonly pendingMigrations: number;
  /** Whose messages it holds, where it has been stamped. */
  readonly stamp?: string;
}

export interface PostgresInspectionOptions {
  /** Default `message_sender`. */
  readonly schema?: string;
}

interface Facts {
  readonly version: string;
  readonly read_only: boolean;
  readonly standby: boolean;
  readonly may_create: boolean;
  /** Null where there is no such schema. */
  readonly may_use: boolean | null;
  readonly migrated: boolean;
  readonly stamped: boolean;
}

interface Contents {
  readonly applied: readonly string[];
  readonly stamp?: string;
}

const timeoutMs = 5000;

/** One statement, so that it is the same server that answers all of it, whatever pooler is in between. */
const factsQuery = `SELECT
    current_setting('server_version') AS version,
    current_setting('transaction_read_only') = 'on' AS read_only,
    pg_is_in_recovery() AS standby,
    has_database_privilege(current_database(), 'CREATE') AS may_create,
    has_schema_privilege(to_regnamespace(quote_ident($1)), 'USAGE') AS may_use,
    EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'migrations') AS migrated,
    EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'store_stamp') AS stamped`;

/** Looks at the store at a `postgres:` URL, and changes nothing. What keeps it from being opened is `Unavailable`. */
export function inspectPostgresStore(
  url: string,
  { schema = "message_sender" }: PostgresInspectionOptions = {},
): R<PostgresInspection, Unavailable> {
  return safeTry(async function* () {
    const { facts, applied, stamp } = yield* await ResultAsync.fromPromise(look(url, schema), toUnavailable);
    if (facts.standby) return err(unusable("it is a standby, which takes no writes"));
    if (facts.read_only) return err(unusable("it takes no writes: its transactions are read-only"));
    if (facts.may_use === null && !facts.may_create) {
      return err(unusable(`there is no schema ${schema}, and this user may not create it`));
    }
    if (facts.may_use === false) return err(unusable(`this user may not use the schema ${schema}`));
    const known = new Set(await migrationNames());
    if (applied.some((name) => !known.has(name))) {
      return err(unusable(`the schema ${schema} was written by a newer version`));
    }
    const pendingMigrations = known.size - applied.length;
    return ok({ serverVersion: facts.version, pendingMigrations, ...(stamp !== undefined && { stamp }) });
  });
}

async function look(url: string, schema: string): Promise<Contents & { readonly facts: Facts }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Facts>(factsQuery, [schema]);
    const [facts] = rows;
    if (!facts) throw new Error("no answer");
    if (!facts.migrated || facts.may_use !== true) return { facts, applied: [] };
    const within = pg.escapeIdentifier(schema);
    const migrations = await client.query<{ name: string }>(`SELECT name FROM ${within}.migrations`);
    const applied = migrations.rows.map(({ name }) => name);
    if (!facts.stamped) return { facts, applied };
    const stamps = await client.query<{ stamp: string }>(`SELECT stamp FROM ${within}.store_stamp`);
    return { facts, applied, ...stamps.rows[0] };
  } finally {
    // A server that hangs is not waited for.
    client.end().catch(() => {});
  }
}

function unusable(reason: string): Unavailable {
  return { kind: "Unavailable", reason: `the PostgreSQL store cannot be used: ${reason}` };
}
