import type { Context } from "hono";

import type { RequestContext } from "../requests/request-context.ts";
import type { Problem } from "../problems/problem.ts";
import { forbidden } from "./access.ts";

/** The problem of a request of a web page: one that is open in somebody's browser must not be able to trigger it. */
export function refusePage(c: Context<RequestContext>): Problem | undefined {
  return c.req.header("origin") === undefined ? undefined : forbidden("Requests from web pages are refused.");
}
