import type { Context } from "hono";
import { z } from "zod";

import type { Caller } from "../access/access.ts";
import type { RequestBodies } from "../bodies/request-bodies.ts";
import { readQuery } from "../fields/read-query.ts";
import { invalidRequest, type Problem } from "../problems/problem.ts";
import { incomingOf } from "../requests/incoming.ts";
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
    const problem = await problemOfBody(bodies, c, bodyProblem);
    return problem ? respondProblem(c, problem) : handle(c, caller);
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

const largestEmptyBody = 1024;
/** There is a body: it is late, or larger. */
const unreadStatuses: ReadonlySet<number> = new Set([408, 413]);

/** What is wrong with the body of a route that takes none: it says something, it does not arrive, or a framework has read it. */
async function problemOfBody(
  bodies: RequestBodies,
  c: Context<RequestContext>,
  bodyProblem: Problem,
): Promise<Problem | undefined> {
  // A framework around the app may have read what was never there.
  if (incomingOf(c) && !announcesBody(c)) return undefined;
  const body = await bodies.read(c, largestEmptyBody);
  if (body.isErr()) return unreadStatuses.has(body.error.status) ? bodyProblem : body.error;
  return saysNothing(new TextDecoder().decode(body.value)) ? undefined : bodyProblem;
}

/** An empty object or null counts as no body: some clients cannot send less. */
function saysNothing(text: string): boolean {
  return /^(?:\{\s*\}|null)?$/.test(text.trim());
}

function announcesBody(c: Context<RequestContext>): boolean {
  return c.req.header("transfer-encoding") !== undefined || Number(c.req.header("content-length") ?? 0) > 0;
}
