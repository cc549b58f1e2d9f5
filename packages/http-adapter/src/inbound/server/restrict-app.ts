import type { AppPart, RestrictedEnvironment } from "../access/app-parts.ts";
import { directAnswersOf, setDirectAnswers } from "../requests/direct-answers.ts";
import type { FetchApp } from "./node-handler.ts";

/** The options of `restrictApp`. */
export interface RestrictAppOptions {
  /**
   * Where the API is, if this listener does not serve it: `/openapi.json` says so. Instead of `0.0.0.0` and `::` it names the host
   * that was asked. Default: `/openapi.json` leaves it to its reader.
   */
  readonly apiUrl?: string;
}

/**
 * An app of `createHttpApp` that serves some of its parts and answers 404 elsewhere, so that a part can have a port of its own.
 * A port changes who can reach a route, never what the route needs: `/metrics` needs the scope `metrics` on any port.
 *
 * @example
 * ```ts
 * const { url } = await startHttpServer({ app: restrictApp(app, ["api"]), host: "0.0.0.0", port: 3000 });
 * await startHttpServer({ app: restrictApp(app, ["docs"], { apiUrl: url }), host: "0.0.0.0", port: 3001 });
 * await startHttpServer({ app: restrictApp(app, ["metrics"]), host: "127.0.0.1", port: 9464 });
 * ```
 */
export function restrictApp(app: FetchApp, parts: readonly AppPart[], { apiUrl }: RestrictAppOptions = {}): FetchApp {
  const restricted: RestrictedEnvironment = { servedParts: new Set(parts), ...(apiUrl !== undefined && { apiUrl }) };
  const restrictedApp: FetchApp = { fetch: (request, env = {}) => app.fetch(request, Object.assign(env, restricted)) };
  const answers = parts.includes("api") ? directAnswersOf(app) : undefined;
  if (answers) setDirectAnswers(restrictedApp, answers);
  return restrictedApp;
}
