import type { Clock } from "@message-sender/core/adapter";
import type { Context } from "hono";

import { problemOf, type RequestFailure } from "../problems/problem-details.ts";
import type { RequestContext } from "./request-context.ts";
import { respondProblem } from "./respond.ts";

/** Answers with an error. `unavailable` is the detail of an `Unavailable` error. */
export type RespondFailure = (c: Context<RequestContext>, error: RequestFailure, unavailable?: string) => Response;

/** The line of the request says why, at a level that an operator sees, if nothing else does. */
export function createFailureResponder(clock: Clock): RespondFailure {
  return (c, error, unavailable) => {
    if (error.kind === "Unavailable") c.set("fault", { level: "warn", reason: error.reason });
    if (error.kind === "RequestFailed" || error.kind === "RequestUnknown")
      c.set("fault", { level: "error", reason: error.reason });
    return respondProblem(c, problemOf(error, clock.now(), unavailable));
  };
}
