import type { Clock } from "@message-sender/core/adapter";
import type { Context } from "hono";

import { problemOf, type RequestFailure } from "../problems/problem-details.ts";
import type { Logger } from "./logger.ts";
import type { RequestContext } from "./request-context.ts";
import { respondProblem } from "./respond.ts";

/** Answers with an error. `unavailable` is the detail of an `Unavailable` error. */
export type RespondFailure = (c: Context<RequestContext>, error: RequestFailure, unavailable?: string) => Response;

/** Also logs the errors that an operator has to see. */
export function createFailureResponder(clock: Clock, logger: Logger): RespondFailure {
  return (c, error, unavailable) => {
    if (error.kind === "Unavailable")
      logger.warn({ request_id: c.get("requestId"), reason: error.reason }, "service unavailable");
    if (error.kind === "RequestFailed" || error.kind === "RequestUnknown")
      logger.error(
        { request_id: c.get("requestId"), reason: error.reason },
        error.kind === "RequestUnknown"
          ? "the outcome of a request to WhatsApp is unknown"
          : "a request to WhatsApp failed",
      );
    return respondProblem(c, problemOf(error, clock.now(), unavailable));
  };
}
