import type { Context } from "hono";
import { createMiddleware } from "hono/factory";

import { notFound } from "../problems/problem.ts";
import type { RequestContext } from "../requests/request-context.ts";
import { respondProblem } from "../requests/respond.ts";

/**
 * What a listener may serve alone: `docs` is `/docs` and `/openapi.json`, `metrics` is `/metrics`, `health` is `/healthz` and `/readyz`,
 * `api` is everything else, and `health` too.
 */
export type AppPart = "api" | "docs" | "health" | "metrics";

/** What `restrictApp` adds to the environment of a request. */
export interface RestrictedEnvironment {
  readonly servedParts?: ReadonlySet<AppPart>;
  readonly apiUrl?: string;
}

/** Answers 404 to a request for a part that the listener does not serve. */
export const onlyServedParts = createMiddleware<RequestContext>((c, next) => {
  const { servedParts } = (c.env ?? {}) as RestrictedEnvironment;
  if (servedParts === undefined || partsOf(c.req.path).some((part) => servedParts.has(part))) return next();
  return Promise.resolve(respondProblem(c, notFound));
});

function partsOf(path: string): readonly AppPart[] {
  if (path === "/metrics") return ["metrics"];
  if (path === "/healthz" || path === "/readyz") return ["health", "api"];
  return path === "/openapi.json" || path === "/docs" || path.startsWith("/docs/") ? ["docs"] : ["api"];
}

/** Whether the listener of a request serves the API too, and not its documents or metrics alone. */
export function servesApi({ env }: Context<RequestContext>): boolean {
  const { servedParts } = (env ?? {}) as RestrictedEnvironment;
  return servedParts?.has("api") ?? true;
}

/**
 * Where the API is, for a listener that does not serve it. If the API listens on all addresses, that is the host that was asked.
 * Undefined if nobody said it.
 */
export function apiUrlOf(c: Context<RequestContext>): string | undefined {
  const { apiUrl } = (c.env ?? {}) as RestrictedEnvironment;
  if (apiUrl === undefined) return undefined;
  const url = new URL(apiUrl);
  if (everyAddress.has(url.hostname)) url.hostname = new URL(c.req.url).hostname;
  return url.href.replace(/\/$/, "");
}

const everyAddress: ReadonlySet<string> = new Set(["0.0.0.0", "[::]"]);
