import type { Context } from "hono";

import { invalidRequest, type Problem } from "../problems/problem.ts";
import type { RequestContext } from "../requests/request-context.ts";
import type { RequestBodies } from "./request-bodies.ts";

const problem = invalidRequest("This request takes no body. Filters are parameters of the query.");

/** The problem of a request that has a body. An empty object is as good as nothing: some clients cannot send less. */
export async function refuseBody(bodies: RequestBodies, c: Context<RequestContext>): Promise<Problem | undefined> {
  const body = await bodies.read(c, 64);
  const isEmpty = body.isOk() && ["", "{}"].includes(new TextDecoder().decode(body.value).trim());
  return isEmpty ? undefined : problem;
}
