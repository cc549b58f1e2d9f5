import { randomUUID } from "node:crypto";

import pg from "pg";
import { afterAll, beforeAll } from "vitest";

import { type RunningPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";

export interface TestPostgres {
  readonly url: string;
  /** A name that no other test has. */
  freshSchema(): string;
  /** Runs SQL past the store. */
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

/** A real PostgreSQL for the tests of a file: the one of TEST_DATABASE_URL, else one started for them. */
export function usePostgres(): TestPostgres {
  const given = process.env["TEST_DATABASE_URL"];
  let started: RunningPostgres | undefined;
  const schemas: string[] = [];

  const test: TestPostgres = {
    get url() {
      const url = given ?? started?.url;
      if (url === undefined) throw new Error("PostgreSQL is there once the tests run.");
      return url;
    },
    freshSchema() {
      const schema = `test_${randomUUID().replaceAll("-", "_")}`;
      schemas.push(schema);
      return schema;
    },
    async query(text, values) {
      const client = new pg.Client(test.url);
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    },
  };

  beforeAll(async () => {
    if (given === undefined) started = await startEmbeddedPostgres();
  }, 60_000);

  afterAll(async () => {
    if (started) await started.stop();
    else for (const schema of schemas) await test.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  }, 60_000);

  return test;
}
