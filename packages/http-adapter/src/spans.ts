import { setTimeout as sleep } from "node:timers/promises";

import {
  type Attributes,
  type Context,
  INVALID_SPAN_CONTEXT,
  ProxyTracerProvider,
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

/** The delegate of a provider that no SDK was registered with. */
const none = new ProxyTracerProvider().getDelegate();

/** Whether an OpenTelemetry SDK is registered in this process. Without one there is nothing to measure, name or link. */
export function isTracing(): boolean {
  return delegateOf(trace.getTracerProvider()) !== none;
}

function delegateOf(provider: TracerProvider): TracerProvider {
  return "getDelegate" in provider ? (provider as ProxyTracerProvider).getDelegate() : provider;
}

const noSpan = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

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

/** Runs `work` as a span. Without an SDK, it only runs. */
export function inSpan<T>(start: SpanStart, work: (span: Span) => PromiseLike<T>): Promise<T> {
  return isTracing() ? inSpanOfSdk(start, work) : Promise.resolve(work(noSpan));
}

async function inSpanOfSdk<T>(start: SpanStart, work: (span: Span) => PromiseLike<T>): Promise<T> {
  const within = activeContext();
  const span = startSpan(start, within);
  try {
    return await runInContext(trace.setSpan(within, span), () => work(span));
  } catch (error) {
    failSpan(span, error instanceof Error ? error.name : "error");
    throw error;
  } finally {
    span.end();
  }
}

/** Exports the spans that have ended, for a process that is about to. Resolves after `limitMs` at the latest. */
export async function flushSpans(limitMs: number): Promise<void> {
  const delegate = delegateOf(trace.getTracerProvider());
  if (!("forceFlush" in delegate) || typeof delegate.forceFlush !== "function") return;
  const limit = new AbortController();
  const flushed = Promise.resolve(delegate.forceFlush()).catch(() => {});
  await Promise.race([flushed, sleep(limitMs, undefined, { signal: limit.signal }).catch(() => {})]);
  limit.abort();
}

/** `type` is a kind of error or an HTTP status, never a text of others. */
export function failSpan(span: Span, type: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
