import { createMiddleware } from "hono/factory";

import { invalidRequest } from "../problems/problem.ts";
import type { RequestContext } from "./request-context.ts";
import { respondProblem } from "./respond.ts";

/**
 * Refuses a request that carries an API key: no key is checked yet, and its sender would rely on that. The Basic credentials of
 * a proxy are not an API key.
 */
export const noApiKeys = createMiddleware<RequestContext>(async (c, next) => {
  const authorization = c.req.header("authorization");
  const hasKey = authorization !== undefined && !/^basic /i.test(authorization);
  if (!hasKey && c.req.header("x-api-key") === undefined) return next();
  return respondProblem(
    c,
    invalidRequest("API keys are not supported yet: the request has one that would be ignored."),
  );
});
