import { ResultAsync } from "neverthrow";
import { onTestFinished } from "vitest";

import { type HttpServerOptions, startHttpServer } from "../src/inbound/index.ts";
import { serveWithin, type ServerLimits } from "../src/inbound/server/serve-within.ts";
import { createTestApp } from "./app.ts";

interface ListenOptions extends Partial<HttpServerOptions> {
  /** Default: those of a real server. */
  readonly limits?: ServerLimits;
}

/** A real server's, a tenth of each: for tests of what a limit does, however long it is. */
export const shortLimits: ServerLimits = {
  headersMs: 500,
  requestMs: 800,
  keepAliveMs: 65_000,
  checkMs: 100,
  checkAgainMs: 500,
};

/** For tests that write slowly on purpose, on a machine that may be slow itself. */
export const longLimits: ServerLimits = { ...shortLimits, headersMs: 120_000, requestMs: 120_000 };

/** Serves an app on a free port. The server is gone when the test is. */
export async function listen(app: HttpServerOptions["app"], { limits, ...options }: ListenOptions = {}) {
  const given = { app, host: "127.0.0.1", port: 0, ...options };
  const server = await (limits ? serveWithin(limits, given) : startHttpServer(given));
  onTestFinished(() => server.close());
  return { ...server, port: Number(new URL(server.url).port) };
}

/** The whole API on a free port, and WhatsApp that answers once it is told to. */
export async function startGated(options?: ListenOptions) {
  const { app, ports } = createTestApp();
  const { promise: gate, resolve: answer } = Promise.withResolvers<void>();
  const { submit } = ports.transport;
  const submitted: string[] = [];
  Object.assign(ports.transport, {
    submit(...given: Parameters<typeof submit>) {
      submitted.push(JSON.stringify(given[0]));
      return ResultAsync.fromSafePromise(gate).andThen(() => submit(...given));
    },
  });
  const listening = await listen(app, options);
  // Before the server closes, which waits for its answers.
  onTestFinished(() => answer());
  return { ...listening, submitted, answer };
}
