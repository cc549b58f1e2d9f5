import type { AppPart, RestrictedEnvironment } from "../access/app-parts.ts";
import type { FetchApp } from "./node-handler.ts";

/**
 * An app of `createHttpApp` that serves some of its parts and answers 404 elsewhere, so that a part can have a port of its own.
 * A port changes who can reach a route, never what the route needs: `/metrics` needs the scope `metrics` on any port.
 *
 * @example
 * ```ts
 * await startHttpServer({ app: restrictApp(app, ["api", "docs"]), host: "0.0.0.0", port: 3000 });
 * await startHttpServer({ app: restrictApp(app, ["metrics"]), host: "127.0.0.1", port: 9464 });
 * ```
 */
export function restrictApp(app: FetchApp, parts: readonly AppPart[]): FetchApp {
  const restricted: RestrictedEnvironment = { servedParts: new Set(parts) };
  return { fetch: (request, env = {}) => app.fetch(request, Object.assign(env, restricted)) };
}
