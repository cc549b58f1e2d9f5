import type { Clock } from "@message-sender/core";
import type { Context } from "hono";

import { problemOf, type RequestFailure } from "../problems/problem-details.ts";
import type { Logger } from "./logger.ts";
import type { RequestContext } from "./request-context.ts";
import { respondProblem } from "./respond.ts";

/** Answers with what went wrong behind a request. `unavailable`: what is said where nothing more is known. */
export type RespondFailure = (c: Context<RequestContext>, error: RequestFailure, unavailable?: string) => Response;

/** Logs what an operator has to see, and answers. */
export function createFailureResponder(clock: Clock, logger: Logger): RespondFailure {
  return (c, error, unavailable) => {
    if (error.kind === "Unavailable")
      logger.warn({ request_id: c.get("requestId"), reason: error.reason }, "unavailable");
    if (error.kind === "RequestFailed" || error.kind === "RequestUnknown")
      logger.error(
        { request_id: c.get("requestId"), reason: error.reason },
        error.kind === "RequestUnknown"
          ? "it is not known whether WhatsApp did what it was asked to"
          : "WhatsApp did not do what it was asked to",
      );
    return respondProblem(c, problemOf(error, clock.now(), unavailable));
  };
}
