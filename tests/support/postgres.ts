import { randomUUID } from "node:crypto";

import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";

export interface TestPostgres {
  /** The URL of a database that only the tests of one file use. */
  readonly url: string;
  /** Returns a schema name that no other test uses. */
  freshSchema(): string;
  /** Replaces the database by a new one, at the same URL. Connections to the old one end. */
  empty(): Promise<void>;
  /** Runs SQL directly, without the store. */
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

/** Creates a database for the tests of a file, on the PostgreSQL of the run. */
export function usePostgres(): TestPostgres {
  const name = uniqueName();
  let url: string | undefined;
  let pool: pg.Pool | undefined;

  async function create(): Promise<void> {
    url = await request("PUT", name);
    pool = new pg.Pool({ connectionString: url, max: 2 });
    // A connection that the server ends while it is idle is no fault of a test.
    pool.on("error", () => {});
  }

  async function drop(): Promise<void> {
    await pool?.end();
    if (url !== undefined) await request("DELETE", name);
  }

  beforeAll(create);
  afterAll(drop);

  return {
    get url() {
      if (url === undefined) throw new Error("The database exists once the tests run.");
      return url;
    },
    freshSchema: uniqueName,
    async empty() {
      await drop();
      await create();
    },
    async query(text, values) {
      if (!pool) throw new Error("The database exists once the tests run.");
      return (await pool.query(text, values)).rows;
    },
  };
}

function uniqueName(): string {
  return `test_${randomUUID().replaceAll("-", "_")}`;
}

/** Answers with the URL of the database. */
async function request(method: "PUT" | "DELETE", database: string): Promise<string> {
  const answer = await fetch(new URL(database, inject("databases")), { method });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}
