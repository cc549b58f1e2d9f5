import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

import { connectionTo } from "./connection.ts";
import { isPoolerError, isReadOnly, isTransient, readOnlyServer, wrongIsolation } from "./failure.ts";
import type { Value } from "./packet.ts";
import { makeSettings, type SettingsRow, withSettings } from "./transaction-settings.ts";

export interface Statement {
  /** The statement is prepared under this name on each connection that we do not share. */
  readonly name: string;
  readonly text: string;
  /** Whether a connection plans it once, for all values, however much better a plan for one of them would be. Default: no. */
  readonly isPlannedOnce?: boolean;
}

export interface Database {
  /** The schema in which statements find their tables. */
  readonly schema: string;
  /**
   * Runs one statement, which is one transaction. If its connection is lost, or leads to a server that accepts no writes,
   * it is repeated on another one for about five seconds, so each statement must be safe to run twice. Rejects with
   * the last error.
   */
  run<Row>(statement: Statement, values?: readonly Value[]): Promise<Ran<Row>>;
  /** Runs `work` in one transaction on a connection that nobody else uses meanwhile. It is closed if the transaction fails. */
  withTransaction<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>;
  /** Runs a statement that may take minutes, without values, on a connection of its own. It fails if the database is closed meanwhile. */
  runLong(text: string): Promise<void>;
  close(): Promise<void>;
}

interface Ran<Row> {
  readonly rows: readonly Row[];
  /** The statement was repeated: an earlier run may have been applied although its answer was lost. */
  readonly repeated: boolean;
}

export interface DatabaseOptions {
  readonly maxConnections: number;
  readonly schema: string;
}

const retryForMs = 5000;

export function createDatabase(url: string, { maxConnections, schema }: DatabaseOptions): Database {
  const openedAt = new WeakMap<pg.ClientBase, number>();
  /** Connections opened before this time may lead to a server that accepts no writes. */
  let discardOpenedBefore = 0;
  let isBehindPooler = false;
  const long = new Set<pg.Client>();
  const pool = new pg.Pool({
    ...connectionTo(url),
    max: maxConnections,
    keepAlive: true,
    query_timeout: 15_000,
    types: { getTypeParser: parserOf },
    verify(client, done) {
      prepareConnection(client).then(() => done(), done);
    },
  });
  // A lost idle connection is reported here, after it was removed from the pool.
  pool.on("error", () => {});

  /** Behind a pooler the backend is not the announced one: its prepared statements and settings are shared with other clients. */
  async function prepareConnection(client: pg.ClientBase): Promise<void> {
    // If a connection is lost while in use, its query or the next one fails.
    client.on("error", () => {});
    openedAt.set(client, performance.now());
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    if ((client as { processID?: number }).processID !== rows[0]?.pid) isBehindPooler = true;
    else await client.query("SET default_transaction_isolation = 'read committed'");
  }

  async function connect(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await pool.connect();
      if ((openedAt.get(client) ?? 0) >= discardOpenedBefore) return client;
      client.release(true);
    }
  }

  async function runOnce<Row>(
    { name, text, isPlannedOnce = false }: Statement,
    values: readonly Value[],
  ): Promise<readonly Row[]> {
    const client = await connect();
    let isReusable = false;
    try {
      const query = { text, ...(!isBehindPooler && { name }) };
      const { read_only: readOnly, isolation, rows } = await resultsOf<Row>(client, query, values, isPlannedOnce);
      if (readOnly === "on") throw readOnlyServer();
      if (isolation !== "read committed") throw wrongIsolation();
      isReusable = true;
      return rows;
    } catch (cause) {
      if (isReadOnly(cause)) discardOpenedBefore = performance.now();
      if (isPoolerError(cause)) isBehindPooler = true;
      throw cause;
    } finally {
      // Closed after any error: few errors say whether the connection is at fault.
      client.release(!isReusable);
    }
  }

  function resultsOf<Row>(
    client: pg.PoolClient,
    statement: pg.QueryConfig,
    values: readonly Value[],
    isPlannedOnce: boolean,
  ): Promise<SettingsRow & { readonly rows: readonly Row[] }> {
    return new Promise((resolve, reject) => {
      const query = new pg.Query(statement, (cause: Error | undefined, results: unknown) => {
        if (cause) return reject(cause);
        const [first, own] = results as [pg.QueryResult<SettingsRow>, pg.QueryResult<Row & pg.QueryResultRow>];
        if (!first.rows[0]) return reject(new Error("The server did not say whether it accepts writes."));
        resolve({ ...first.rows[0], rows: own.rows });
      });
      client.query(withSettings(query, statement, values, { schema, isPlannedOnce }));
    });
  }

  return {
    schema,
    async run<Row>(statement: Statement, values: readonly Value[] = []) {
      const giveUpAt = performance.now() + retryForMs;
      for (let waitMs = 10; ; waitMs *= 2) {
        try {
          return { rows: await runOnce<Row>(statement, values), repeated: waitMs > 10 };
        } catch (cause) {
          if (pool.ending || !isTransient(cause) || performance.now() + waitMs > giveUpAt) throw cause;
          await sleep(waitMs);
        }
      }
    },
    async withTransaction(work) {
      const client = await pool.connect();
      let isReusable = false;
      try {
        await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
        await makeSettings(client, schema);
        const result = await work(client);
        await client.query("COMMIT");
        isReusable = true;
        return result;
      } finally {
        client.release(!isReusable);
      }
    },
    async runLong(text) {
      const client = new pg.Client({ ...connectionTo(url), keepAlive: true });
      client.on("error", () => {});
      long.add(client);
      try {
        await client.connect();
        await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
        await makeSettings(client, schema);
        await client.query("SET LOCAL statement_timeout = 0");
        await client.query(text);
        await client.query("COMMIT");
      } finally {
        long.delete(client);
        client.end().catch(() => {});
      }
    },
    async close() {
      // One that runs a statement is cut off.
      for (const client of long) client.end().catch(() => {});
      await pool.end();
    },
  };
}

/** Parses a bigint into a number: no count exceeds the safe integers. */
const parserOf: typeof pg.types.getTypeParser = (type, format) =>
  type === pg.types.builtins.INT8 && format !== "binary" ? safeInteger : pg.types.getTypeParser(type, format);

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`${text} is not a safe integer.`);
  return number;
}
