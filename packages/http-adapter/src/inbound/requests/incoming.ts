import { IncomingMessage } from "node:http";

import type { Context } from "hono";

import type { RequestContext } from "./request-context.ts";

/** Node's own request behind a Hono context; undefined where the app is not served by Node's server. */
export function incomingOf({ env }: Context<RequestContext>): IncomingMessage | undefined {
  const { incoming } = (env ?? {}) as { readonly incoming?: unknown };
  return incoming instanceof IncomingMessage ? incoming : undefined;
}
