import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { TestProject } from "vitest/node";

import { type RunningPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Answers requests with the URL of the tests' PostgreSQL. */
    readonly postgresServer: string;
  }
}

/** The PostgreSQL of a test run: the one at TEST_DATABASE_URL, or else a new one that starts when the first test needs it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["TEST_DATABASE_URL"];
  let started: Promise<RunningPostgres> | undefined;
  const start = () => (started ??= startEmbeddedPostgres({ maxConnections: 500 }));

  const server = createServer((_, response) => {
    const url = given === undefined ? start().then((postgres) => postgres.url) : Promise.resolve(given);
    url.then(
      (text) => response.end(text),
      (cause: unknown) => response.writeHead(500).end(String(cause)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  project.provide("postgresServer", `http://127.0.0.1:${port}`);

  return async () => {
    server.close();
    await (await started)?.stop();
  };
}
