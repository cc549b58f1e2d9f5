import type { Clock } from "@message-sender/core/adapter";
import type { Context } from "hono";

import { problemOf, type RequestFailure } from "../problems/problem-details.ts";
import type { RequestContext } from "./request-context.ts";
import type { Fault } from "./request-end.ts";
import { respondProblem } from "./respond.ts";

/** Answers with an error. `unavailable` is the detail of an `Unavailable` error. */
export type RespondFailure = (c: Context<RequestContext>, error: RequestFailure, unavailable?: string) => Response;

/** What the line of a request says about an error that nothing else logs, at a level that an operator sees. */
export function faultOf(error: RequestFailure): Fault | undefined {
  if (error.kind === "Unavailable") return { level: "warn", reason: error.reason };
  if (error.kind === "RequestFailed" || error.kind === "RequestUnknown")
    return { level: "error", reason: error.reason };
  return undefined;
}

export function createFailureResponder(clock: Clock): RespondFailure {
  return (c, error, unavailable) => {
    const fault = faultOf(error);
    if (fault) c.set("fault", fault);
    return respondProblem(c, problemOf(error, clock.now(), unavailable));
  };
}
