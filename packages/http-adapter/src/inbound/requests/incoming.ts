import { IncomingMessage } from "node:http";

import type { Context } from "hono";

import type { RequestContext } from "./request-context.ts";

/** Node's own request behind a Hono context; undefined where the app is not served by Node's server. */
export function incomingOf({ env }: Context<RequestContext>): IncomingMessage | undefined {
  const { incoming } = (env ?? {}) as { readonly incoming?: unknown };
  return incoming instanceof IncomingMessage ? incoming : undefined;
}

/** The path under which the app was mounted, told by the path of one of its routes; "" where it was not mounted under any. */
export function basePathOf(c: Context<RequestContext>, ownPath: string): string {
  const incoming = incomingOf(c) as (IncomingMessage & { readonly originalUrl?: string }) | undefined;
  // Express and `toNodeHandler` take the base off `url`, Hono off its own requests.
  const target = incoming?.originalUrl ?? incoming?.url ?? c.req.path;
  const { pathname } = new URL(target, "http://localhost");
  return pathname.endsWith(ownPath) ? pathname.slice(0, -ownPath.length) : "";
}
