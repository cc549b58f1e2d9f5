import { type HttpServer, type HttpServerOptions, serverLimits, serveWithin } from "./serve-within.ts";

/**
 * Serves an app with limits that protect a server on the internet. Rejects if it cannot listen on the address.
 *
 * @example
 * ```ts
 * const server = await startHttpServer({ app, host: "127.0.0.1", port: 3000 });
 * console.log(`listening on ${server.url}`);
 * ```
 */
export function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  return serveWithin(serverLimits, options);
}
