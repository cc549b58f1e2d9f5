import { randomUUID } from "node:crypto";

import { createMiddleware } from "hono/factory";

import { runInContext } from "../../trace-context.ts";
import { answeredRoute } from "./answered-route.ts";
import type { ClientAddress } from "./client-address.ts";
import { incomingOf } from "./incoming.ts";
import type { Logger } from "./logger.ts";
import type { ChangeFields, EndRequest, Fault, Refusal } from "./request-end.ts";
import { traceRequest } from "./request-trace.ts";

/** The variables of every request. */
export interface RequestContext {
  Variables: {
    requestId: string;
    traceparent: string;
    /** Undefined if the client has left. */
    clientAddress?: string;
    logger: Logger;
    /** The preference of the Prefer header that is applied. */
    appliedPreference?: string;
    /** Headers that the access check adds to the answer. */
    answerHeaders?: Readonly<Record<string, string>>;
    /** For the log line. */
    caller?: string;
    messageId?: string;
    problemType?: string;
    refusal?: Refusal;
    fault?: Fault;
    change?: ChangeFields;
  };
}

interface RequestContextOptions {
  readonly logger: Logger;
  readonly clientAddress: ClientAddress;
  readonly endRequest: EndRequest;
}

const requestIdForm = /^[\x21-\x7e]{1,128}$/;

/** Takes the request id and trace context from the caller or creates them, and logs each request once. Every answer returns both. */
export function requestContext({ logger, clientAddress, endRequest }: RequestContextOptions) {
  return createMiddleware<RequestContext>(async (c, next) => {
    const startedAt = performance.now();
    const given = c.req.header("x-request-id");
    const requestId = isRequestId(given) ? given : randomUUID();
    // A client that leaves before the answer has none any more.
    const address = clientAddress(incomingOf(c)?.socket.remoteAddress, c.req.header("x-forwarded-for"));
    c.set("requestId", requestId);
    c.set("logger", logger);
    if (address !== undefined) c.set("clientAddress", address);
    const { within, traceparent, fields, end } = traceRequest(c);
    c.set("traceparent", traceparent);
    await runInContext(within, async () => {
      await next();
      const ended = { messageId: c.get("messageId"), problem: c.get("problemType") };
      end(ended);
      endRequest({
        ...ended,
        requestId,
        startedAt,
        method: c.req.method,
        path: c.req.path,
        route: answeredRoute(c),
        status: c.res.status,
        clientAddress: address,
        trace: fields,
        caller: c.get("caller"),
        refusal: c.get("refusal"),
        fault: c.get("fault"),
        change: c.get("change"),
      });
    });
  });
}

/** Whether a caller's id of a request can be its id. */
export function isRequestId(given: string | undefined): given is string {
  return given !== undefined && requestIdForm.test(given);
}
