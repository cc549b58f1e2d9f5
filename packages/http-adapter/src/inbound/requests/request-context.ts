import { randomUUID } from "node:crypto";

import { createMiddleware } from "hono/factory";

import { runInContext } from "../../trace-context.ts";
import type { Logger } from "./logger.ts";
import { traceRequest } from "./request-trace.ts";

/** The variables of every request. */
export interface RequestContext {
  Variables: {
    requestId: string;
    traceparent: string;
    logger: Logger;
    /** The `wait` of the Prefer header, once it is applied. */
    waitSeconds?: number;
    /** For the log line. */
    messageId?: string;
    problemType?: string;
  };
}

const requestIdForm = /^[\x21-\x7e]{1,128}$/;

/** Takes the request id and trace context from the caller or creates them, and logs each request once. Every answer returns both. */
export function requestContext(logger: Logger) {
  return createMiddleware<RequestContext>(async (c, next) => {
    const startedAt = performance.now();
    const requestId = firstOf(c.req.header("x-request-id"), requestIdForm) ?? randomUUID();
    c.set("requestId", requestId);
    c.set("logger", logger);
    const { within, traceparent, end } = traceRequest(c);
    c.set("traceparent", traceparent);
    await runInContext(within, async () => {
      await next();
      const ended = { messageId: c.get("messageId"), problem: c.get("problemType") };
      end(ended);
      logger.info(
        {
          request_id: requestId,
          method: c.req.method,
          path: c.req.path.slice(0, 200),
          status: c.res.status,
          duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
          message_id: ended.messageId,
          problem: ended.problem,
        },
        "request",
      );
    });
  });
}

function firstOf(header: string | undefined, form: RegExp): string | undefined {
  return header !== undefined && form.test(header) ? header : undefined;
}
