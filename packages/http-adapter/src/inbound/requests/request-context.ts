import { randomUUID } from "node:crypto";

import type { Telemetry } from "@message-sender/core/adapter";
import { createMiddleware } from "hono/factory";

import { runInContext } from "../../trace-context.ts";
import { answeredRoute } from "./answered-route.ts";
import type { ClientAddress } from "./client-address.ts";
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
    /** Headers that the access check adds to the answer. */
    answerHeaders?: Readonly<Record<string, string>>;
    /** For the log line. */
    caller?: string;
    messageId?: string;
    problemType?: string;
    /** Why the caller is refused, for the log line. */
    refusal?: { readonly reason: string; readonly callerHint?: string };
    /** What an operator has to see, and nothing else logs. */
    fault?: { readonly level: "warn" | "error"; readonly reason: string };
  };
}

interface RequestContextOptions {
  readonly clientAddress: ClientAddress;
  /** Receives `RequestAnswered` for each request. */
  readonly telemetry?: Telemetry;
}

const requestIdForm = /^[\x21-\x7e]{1,128}$/;

/** Takes the request id and trace context from the caller or creates them, and logs each request once. Every answer returns both. */
export function requestContext(logger: Logger, { clientAddress, telemetry }: RequestContextOptions) {
  return createMiddleware<RequestContext>(async (c, next) => {
    const startedAt = performance.now();
    const requestId = firstOf(c.req.header("x-request-id"), requestIdForm) ?? randomUUID();
    c.set("requestId", requestId);
    c.set("logger", logger);
    const { within, traceparent, end } = traceRequest(c);
    c.set("traceparent", traceparent);
    await runInContext(within, async () => {
      await next();
      const durationMs = performance.now() - startedAt;
      const { method, path } = c.req;
      const { status } = c.res;
      telemetry?.record({ kind: "RequestAnswered", method, route: answeredRoute(c) ?? "none", status, durationMs });
      const ended = { messageId: c.get("messageId"), problem: c.get("problemType") };
      end(ended);
      const [fault, refusal] = [c.get("fault"), c.get("refusal")];
      logger[fault?.level ?? "info"](
        {
          request_id: requestId,
          method,
          path: path.slice(0, 200),
          caller: c.get("caller"),
          caller_hint: refusal?.callerHint,
          client_address: clientAddress(c),
          http_status: status,
          duration_ms: Math.round(durationMs * 10) / 10,
          message_id: ended.messageId,
          problem: ended.problem,
          reason: fault?.reason ?? refusal?.reason,
        },
        "request",
      );
    });
  });
}

function firstOf(header: string | undefined, form: RegExp): string | undefined {
  return header !== undefined && form.test(header) ? header : undefined;
}
