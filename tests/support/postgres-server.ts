import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import pg from "pg";
import type { TestProject } from "vitest/node";

import { type RunningPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A URL at which PUT creates the database that the path names, and answers with its URL. DELETE drops it. */
    readonly databases: string;
  }
}

/** The server, and the one connection on which databases are created. */
interface OpenServer {
  readonly url: string;
  readonly pool: pg.Pool;
}

/**
 * The databases of a test run: on the server at TEST_DATABASE_URL, or else on a new one that starts when the first test needs it. All are
 * created over one connection.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["TEST_DATABASE_URL"];
  let started: Promise<RunningPostgres> | undefined;
  let opened: OpenServer | undefined;

  async function open(): Promise<OpenServer> {
    const url = given ?? (await (started ??= startEmbeddedPostgres({ maxConnections: 500, settings }))).url;
    opened ??= { url, pool: createPool(url) };
    return opened;
  }

  async function answerTo(method: string | undefined, name: string): Promise<string> {
    const { url, pool } = await open();
    const database = pg.escapeIdentifier(name);
    await pool.query(method === "PUT" ? `CREATE DATABASE ${database}` : `DROP DATABASE ${database} WITH (FORCE)`);
    const created = new URL(url);
    created.pathname = `/${name}`;
    return created.href;
  }

  const server = createServer(({ method, url = "" }, response) => {
    answerTo(method, url.slice(1)).then(
      (text) => response.end(text),
      (cause: unknown) => response.writeHead(500).end(String(cause)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  project.provide("databases", `http://127.0.0.1:${port}`);

  return async () => {
    server.close();
    await opened?.pool.end();
    await (await started)?.stop();
  };
}

// Autovacuum would look through each of many small databases, and some tests are about tables without statistics.
const settings = ["autovacuum=off"];

function createPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 1, idleTimeoutMillis: 0 });
  // The next query opens another connection.
  pool.on("error", () => {});
  return pool;
}
