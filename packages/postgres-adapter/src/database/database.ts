import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

import { isOfAPooler, isReadOnly, mayPass, readOnlyServer, wrongIsolation } from "./failure.ts";
import { inOneTransaction, type SettingsRow, setForTransaction } from "./transaction-settings.ts";

export interface Statement {
  /** It is prepared under this name, once a connection, where the connection is ours alone. */
  readonly name: string;
  readonly text: string;
}

export interface Database {
  /**
   * Runs one statement, which is one transaction. When its connection is lost, or leads to a server that takes no
   * writes, it is repeated on another for about five seconds, so each must be one that may run twice. Rejects with what
   * went wrong last.
   */
  run<Row>(statement: Statement, values?: readonly unknown[]): Promise<Ran<Row>>;
  /** Runs `work` in one transaction on a connection of its own, and closes that. */
  withConnection<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Ran<Row> {
  readonly rows: readonly Row[];
  /** An earlier run of it may have been applied without our hearing of it. */
  readonly repeated: boolean;
}

export interface DatabaseOptions {
  readonly maxConnections: number;
  readonly schema: string;
}

const patienceMs = 5000;

export function createDatabase(url: string, { maxConnections, schema }: DatabaseOptions): Database {
  const openedAt = new WeakMap<pg.ClientBase, number>();
  /** Older connections lead to a server that was found to take no writes. */
  let soundSince = 0;
  let isBehindPooler = false;
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    query_timeout: 15_000,
    types: { getTypeParser: parserOf },
    verify(client, done) {
      look(client).then(() => done(), done);
    },
  });
  // A connection that is lost while idle says so here, and has left the pool.
  pool.on("error", () => {});

  /** Behind a pooler the backend is not the one that was announced: its prepared statements and settings are not ours alone. */
  async function look(client: pg.ClientBase): Promise<void> {
    // A connection that is lost while in use fails its query, or the next one.
    client.on("error", () => {});
    openedAt.set(client, performance.now());
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    if ((client as { processID?: number }).processID !== rows[0]?.pid) isBehindPooler = true;
    else await client.query("SET default_transaction_isolation = 'read committed'");
  }

  async function connected(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await pool.connect();
      if ((openedAt.get(client) ?? 0) >= soundSince) return client;
      client.release(true);
    }
  }

  async function runOnce<Row>({ name, text }: Statement, values: readonly unknown[]): Promise<readonly Row[]> {
    const client = await connected();
    let sound = false;
    try {
      const query = { text, values: [...values], queryMode: "extended", ...(!isBehindPooler && { name }) };
      const { read_only: readOnly, isolation, rows } = await resultsOf<Row>(client, query);
      if (readOnly === "on") throw readOnlyServer();
      if (isolation !== "read committed") throw wrongIsolation();
      sound = true;
      return rows;
    } catch (cause) {
      if (isReadOnly(cause)) soundSince = performance.now();
      if (isOfAPooler(cause)) isBehindPooler = true;
      throw cause;
    } finally {
      // After any error, since few of them say whether the connection is to blame.
      client.release(!sound);
    }
  }

  function resultsOf<Row>(
    client: pg.PoolClient,
    config: pg.QueryConfig,
  ): Promise<SettingsRow & { readonly rows: readonly Row[] }> {
    return new Promise((resolve, reject) => {
      const query = new pg.Query(config, (cause: Error | undefined, results: unknown) => {
        if (cause) return reject(cause);
        const [first, own] = results as [pg.QueryResult<SettingsRow>, pg.QueryResult<Row & pg.QueryResultRow>];
        if (!first.rows[0]) return reject(new Error("The server did not say whether it takes writes."));
        resolve({ ...first.rows[0], rows: own.rows });
      });
      client.query(inOneTransaction(query, schema, { named: !isBehindPooler }));
    });
  }

  return {
    async run<Row>(statement: Statement, values: readonly unknown[] = []) {
      const giveUpAt = performance.now() + patienceMs;
      for (let waitMs = 10; ; waitMs *= 2) {
        try {
          return { rows: await runOnce<Row>(statement, values), repeated: waitMs > 10 };
        } catch (cause) {
          if (pool.ending || !mayPass(cause) || performance.now() + waitMs > giveUpAt) throw cause;
          await sleep(waitMs);
        }
      }
    },
    async withConnection(work) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
        await setForTransaction(client, schema);
        const done = await work(client);
        await client.query("COMMIT");
        return done;
      } finally {
        client.release(true);
      }
    },
    close: () => pool.end(),
  };
}

/** A bigint as a number: what we count never passes the safe integers. */
const parserOf: typeof pg.types.getTypeParser = (type, format) =>
  type === pg.types.builtins.INT8 && format !== "binary" ? safeInteger : pg.types.getTypeParser(type, format);

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`${text} is no safe integer`);
  return number;
}
