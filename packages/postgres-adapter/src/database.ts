import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

import { mayPass } from "./failure.ts";

export interface Statement {
  /** It is prepared under this name, once a connection. */
  readonly name: string;
  readonly text: string;
}

export interface Database {
  /**
   * Runs one statement, which is one transaction. When its connection is lost it is repeated on another for about five
   * seconds, so each must be one that may run twice. Rejects with what went wrong last.
   */
  run<Row>(statement: Statement, values?: readonly unknown[]): Promise<Ran<Row>>;
  /** Gives a connection of its own to `work`, and closes it. */
  within<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
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

const settings = {
  synchronous_commit: "on",
  default_transaction_isolation: "read\\ committed",
  statement_timeout: "10s",
  lock_timeout: "5s",
  idle_in_transaction_session_timeout: "30s",
};

const patienceMs = 5000;

export function createDatabase(url: string, { maxConnections, schema }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    query_timeout: 15_000,
    types: { getTypeParser: parserOf },
    options: Object.entries({ ...settings, search_path: schema })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(" "),
  });
  // A connection that is lost while idle says so here, and has left the pool.
  pool.on("error", () => {});

  return {
    async run<Row>({ name, text }: Statement, values: readonly unknown[] = []) {
      const giveUpAt = performance.now() + patienceMs;
      for (let waitMs = 10; ; waitMs *= 2) {
        try {
          const { rows } = await pool.query<Row & pg.QueryResultRow>({ name, text, values: [...values] });
          return { rows, repeated: waitMs > 10 };
        } catch (cause) {
          if (pool.ending || !mayPass(cause) || performance.now() + waitMs > giveUpAt) throw cause;
          await sleep(waitMs);
        }
      }
    },
    async within(work) {
      const client = await pool.connect();
      // What goes wrong between two queries fails the next one.
      client.on("error", () => {});
      try {
        return await work(client);
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
