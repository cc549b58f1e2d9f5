import { randomUUID } from "node:crypto";

import type { Telemetry } from "@message-sender/core/adapter";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";

import { runWithTraceparent } from "../../trace-context.ts";
import type { Logger } from "./logger.ts";

/** The variables of every request. */
export interface RequestContext {
  Variables: {
    requestId: string;
    traceparent: string;
    logger: Logger;
    /** The `wait` of the Prefer header, once it is applied. */
    waitSeconds?: number;
    /** Headers that the access check adds to the answer. */
    answerHeaders?: Readonly<Record<string, string>>;
    /** For the log line. */
    caller?: string;
    messageId?: string;
    problemType?: string;
  };
}

const requestIdForm = /^[\x21-\x7e]{1,128}$/;
const traceparentForm = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Takes the request id and trace context from the caller or creates them, and logs each request once. Every answer returns both. */
export function requestContext(logger: Logger, telemetry?: Telemetry) {
  return createMiddleware<RequestContext>(async (c, next) => {
    const startedAt = performance.now();
    const requestId = firstOf(c.req.header("x-request-id"), requestIdForm) ?? randomUUID();
    const traceparent = firstOf(c.req.header("traceparent"), traceparentForm) ?? newTraceparent();
    c.set("requestId", requestId);
    c.set("traceparent", traceparent);
    c.set("logger", logger);
    await runWithTraceparent(traceparent, next);
    const durationMs = performance.now() - startedAt;
    telemetry?.record({
      kind: "RequestAnswered",
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      durationMs,
    });
    logger.info(
      {
        request_id: requestId,
        trace_id: traceparent.slice(3, 35),
        method: c.req.method,
        path: c.req.path.slice(0, 200),
        caller: c.get("caller"),
        status: c.res.status,
        duration_ms: Math.round(durationMs * 10) / 10,
        message_id: c.get("messageId"),
        problem: c.get("problemType"),
      },
      "request",
    );
  });
}

/** The pattern of the route that answered. Middleware that answers has a pattern with `*`, and stands for no route. */
function routeOf(c: Context): string {
  const pattern = routePath(c);
  return pattern.endsWith("*") ? "none" : pattern;
}

function firstOf(header: string | undefined, form: RegExp): string | undefined {
  return header !== undefined && form.test(header) ? header : undefined;
}

function newTraceparent(): string {
  const hex = randomUUID().replaceAll("-", "");
  return `00-${hex}-${hex.slice(16)}-01`;
}
