import { ResultAsync } from "neverthrow";
import { onTestFinished } from "vitest";

import { type HttpServerOptions, startHttpServer } from "../src/inbound/index.ts";
import { createTestApp } from "./app.ts";

/** Serves an app on a free port. The server is gone when the test is. */
export async function listen(app: HttpServerOptions["app"], options: Partial<HttpServerOptions> = {}) {
  const server = await startHttpServer({ app, host: "127.0.0.1", port: 0, ...options });
  onTestFinished(() => server.close());
  return { ...server, port: Number(new URL(server.url).port) };
}

/** The whole API on a free port, and WhatsApp that answers once it is told to. */
export async function startGated() {
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
  onTestFinished(() => answer());
  return { ...(await listen(app)), submitted, answer };
}
