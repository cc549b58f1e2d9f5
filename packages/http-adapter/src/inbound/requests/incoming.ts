import { IncomingMessage } from "node:http";

import type { Context } from "hono";

/** Node's own request behind a Hono context. Undefined if the app is not served by Node's server. */
export function incomingOf({ env }: Context): IncomingMessage | undefined {
  const { incoming } = (env ?? {}) as { readonly incoming?: unknown };
  return incoming instanceof IncomingMessage ? incoming : undefined;
}

/** The path under which the app is mounted, "" for none. `ownPath` is the path of the route that answers. */
export function basePathOf(c: Context, ownPath: string): string {
  const incoming = incomingOf(c) as (IncomingMessage & { readonly originalUrl?: string }) | undefined;
  // Express and `toNodeHandler` remove the base from `url`; Hono removes it from its own request.
  const target = incoming?.originalUrl ?? incoming?.url ?? c.req.path;
  const { pathname } = new URL(target, "http://localhost");
  return pathname.endsWith(ownPath) ? pathname.slice(0, -ownPath.length) : "";
}
