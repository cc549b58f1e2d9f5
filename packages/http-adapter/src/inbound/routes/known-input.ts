import type { Context } from "hono";
import { z } from "zod";

import type { Caller } from "../access/access.ts";
import type { RequestBodies } from "../bodies/request-bodies.ts";
import { readQuery } from "../fields/read-query.ts";
import { invalidRequest, type Problem } from "../problems/problem.ts";
import type { RequestContext } from "../requests/request-context.ts";
import { respondProblem } from "../requests/respond.ts";
import type { Route } from "./route.ts";

type Handle = (c: Context<RequestContext>, caller: Caller) => Response | Promise<Response>;

/**
 * Refuses input that a route of the API does not read: a query where it has none, and a body where it has none. A caller who gives
 * `dry_run` or `tenant_id` means to limit what the request does, so it must not be ignored. The body of a GET has no meaning in HTTP,
 * and is not read. Health checks and pages take any parameters, because probes and browsers add some.
 */
export function onlyKnownInput(route: Route, bodies: RequestBodies, handle: Handle): Handle {
  if (!route.path.startsWith("/api/")) return handle;
  const bodyProblem = route.query ? bodyBesideQuery : noBody;
  const refusesBody = route.method !== "GET" && !route.body;

  async function withoutBody(c: Context<RequestContext>, caller: Caller): Promise<Response> {
    return (await hasBody(bodies, c)) ? respondProblem(c, bodyProblem) : handle(c, caller);
  }

  return (c, caller) => {
    const query = route.query || !c.req.url.includes("?") ? undefined : readQuery(c, noQuery);
    if (query?.isErr()) return respondProblem(c, query.error);
    return refusesBody ? withoutBody(c, caller) : handle(c, caller);
  };
}

const noQuery = z.object({});
const noBody = invalidRequest("This request takes no body.");
const bodyBesideQuery: Problem = {
  ...noBody,
  detail: "This request takes no body. Filters are parameters of the query.",
};

/** An empty object counts as no body: some clients cannot send less. */
async function hasBody(bodies: RequestBodies, c: Context<RequestContext>): Promise<boolean> {
  const body = await bodies.read(c, 64);
  return body.isErr() || !["", "{}"].includes(new TextDecoder().decode(body.value).trim());
}
