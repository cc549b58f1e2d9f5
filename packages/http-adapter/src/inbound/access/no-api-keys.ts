import { createMiddleware } from "hono/factory";

import { invalidRequest } from "../problems/problem.ts";
import type { RequestContext } from "../requests/request-context.ts";
import { respondProblem } from "../requests/respond.ts";

/**
 * Rejects a request with an API key, for a server without keys: it would not check the key, and the caller would rely on that.
 * Basic credentials belong to a proxy and are no API key.
 */
export const noApiKeys = createMiddleware<RequestContext>(async (c, next) => {
  const authorization = c.req.header("authorization");
  const hasKey = authorization !== undefined && !/^basic /i.test(authorization);
  if (!hasKey && c.req.header("x-api-key") === undefined) return next();
  return respondProblem(c, invalidRequest("This server has no API keys. Remove the key: it would be ignored."));
});
