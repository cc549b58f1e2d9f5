import {
  type Attributes,
  type Context,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";

import { activeContext, linksOf, runInContext } from "./trace-context.ts";

/** How a span begins. Names and attributes contain ids only, never content, recipients or secrets. */
export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
}

let known: { readonly provider: TracerProvider; readonly tracer: Tracer } | undefined;

/** An SDK may be registered, and replaced, at any time. */
function tracer(): Tracer {
  const provider = trace.getTracerProvider();
  if (known?.provider !== provider) known = { provider, tracer: provider.getTracer("message-sender") };
  return known.tracer;
}

/** Begins a span, linked to the traces of the messages that the work in `within` is for. */
export function startSpan({ name, kind, attributes }: SpanStart, within: Context): Span {
  const links = linksOf(within);
  return tracer().startSpan(name, { kind, attributes, ...(links.length > 0 && { links }) }, within);
}

/** Runs `work` as a span. Without an SDK, `work` runs in the context that it would have run in anyway. */
export async function inSpan<T>(start: SpanStart, work: (span: Span) => PromiseLike<T>): Promise<T> {
  const within = activeContext();
  const span = startSpan(start, within);
  if (!isOfSdk(span, within)) return work(span);
  try {
    return await runInContext(trace.setSpan(within, span), () => work(span));
  } catch (error) {
    failSpan(span, error instanceof Error ? error.name : "error");
    throw error;
  } finally {
    span.end();
  }
}

/** The no-op tracer of the API passes the context of the parent on. */
export function isOfSdk(span: Span, parent: Context): boolean {
  const { spanId } = span.spanContext();
  return span.isRecording() || spanId !== (trace.getSpanContext(parent)?.spanId ?? invalidSpanId);
}

const invalidSpanId = "0000000000000000";

/** `type` is a kind of error or an HTTP status, never a text of others. */
export function failSpan(span: Span, type: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
