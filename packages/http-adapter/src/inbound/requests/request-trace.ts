import { randomFillSync } from "node:crypto";

import {
  type Attributes,
  type Context as TraceContext,
  type Span,
  type SpanContext,
  SpanKind,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import type { Context } from "hono";

import { maskNumbers } from "../../masked-numbers.ts";
import { failSpan, isTracing, startSpan } from "../../spans.ts";
import {
  contextOfRequest,
  currentTrace,
  formatTraceparent,
  traceFields,
  type TraceFields,
  withTrace,
} from "../../trace-context.ts";
import { answeredRoute } from "./answered-route.ts";

/** The trace of a request. */
export interface RequestTrace {
  /** The context in which the request is answered. */
  readonly within: TraceContext;
  readonly traceparent: string;
  /** For the log line. */
  readonly fields: TraceFields | undefined;
  /** Ends the span of the request, which has been answered. */
  end(ended: RequestEnd): void;
}

interface RequestEnd {
  readonly messageId: string | undefined;
  readonly problem: string | undefined;
}

/** Continues the caller's trace, or begins one. With an OpenTelemetry SDK, the request is a server span of it. */
export function traceRequest(c: Context): RequestTrace {
  const caller = contextOfRequest((name) => c.req.header(name));
  if (!isTracing()) return untraced(caller);
  const span = startSpan({ name: methodOf(c), kind: kindWithin(caller), attributes: requestAttributes(c) }, caller);
  const traceparent = formatTraceparent(span.spanContext());
  const within = trace.setSpan(caller, span);
  return { within, traceparent, fields: traceFields(within), end: (ended) => endSpan(span, c, ended) };
}

/** Continues the caller's trace, or begins one, in a process without an OpenTelemetry SDK. */
export function beginTrace(header: (name: string) => string | undefined): RequestTrace {
  return untraced(contextOfRequest(header));
}

/** Without an SDK there are no spans, but every request has a `traceparent`. */
function untraced(caller: TraceContext): RequestTrace {
  const known = currentTrace(caller);
  const own = known ?? newTrace();
  return {
    within: known ? caller : withTrace(caller, own),
    traceparent: formatTraceparent(own),
    fields: { trace_id: own.traceId, span_id: own.spanId },
    end: noSpanEnds,
  };
}

const noSpanEnds = (): void => {};

const traceIdBytes = 16;
const spanIdBytes = 8;
const random = Buffer.alloc(128 * (traceIdBytes + spanIdBytes));
let used = random.length;

/** A trace that begins here, and is sampled. A UUID would keep the two dozen strings that it is made of. */
function newTrace(): SpanContext {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const traceId = random.toString("hex", used, used + traceIdBytes);
  const spanId = random.toString("hex", used + traceIdBytes, used + traceIdBytes + spanIdBytes);
  used += traceIdBytes + spanIdBytes;
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

export function newTraceparent(): string {
  return formatTraceparent(newTrace());
}

/** A framework around us that has begun a span has made the server span already. */
function kindWithin(caller: TraceContext): SpanKind {
  const parent = trace.getSpanContext(caller);
  return parent && parent.isRemote !== true ? SpanKind.INTERNAL : SpanKind.SERVER;
}

// Names and attributes are those of the OpenTelemetry semantic conventions for HTTP.

const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

function methodOf(c: Context): string {
  return methods.includes(c.req.method) ? c.req.method : "HTTP";
}

function requestAttributes(c: Context): Attributes {
  const method = methodOf(c);
  return {
    "http.request.method": method === "HTTP" ? "_OTHER" : method,
    "url.path": maskNumbers(c.req.path.slice(0, 200)),
    "url.scheme": c.req.url.startsWith("https:") ? "https" : "http",
  };
}

function endSpan(span: Span, c: Context, { messageId, problem }: RequestEnd): void {
  const { status } = c.res;
  const route = answeredRoute(c);
  if (route !== undefined) span.updateName(`${methodOf(c)} ${route}`).setAttribute("http.route", route);
  span.setAttributes({
    "http.response.status_code": status,
    "message_sender.message_id": messageId,
    "message_sender.problem": problem,
  });
  if (status >= 500) failSpan(span, String(status));
  span.end();
}
