import { context, propagation, type SpanKind, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { onTestFinished } from "vitest";

export interface RecordedSpans {
  /** The spans that have ended, the first one first. */
  all(): readonly ReadableSpan[];
  named(name: string): readonly ReadableSpan[];
  /** Throws if it is not the only one of its name. */
  only(name: string): ReadableSpan;
}

/** Registers an OpenTelemetry SDK in this process until the end of the test. */
export function recordSpans(options: { sampler?: Sampler } = {}): RecordedSpans {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })], ...options });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  onTestFinished(async () => {
    await provider.shutdown();
    for (const api of [trace, context, propagation]) api.disable();
  });
  const all = () => exporter.getFinishedSpans();
  const named = (name: string) => all().filter((span) => span.name === name);
  return {
    all,
    named,
    only(name) {
      const [span, ...more] = named(name);
      if (!span || more.length > 0) throw new Error(`${named(name).length} spans are named ${name}`);
      return span;
    },
  };
}

/** A caller with a trace of its own. */
export const traceId = "0af7651916cd43dd8448eb211c80319c";
export const callerSpan = "b7ad6b7169203331";
export const caller = { traceparent: `00-${traceId}-${callerSpan}-01`, tracestate: "vendor=opaque" };

export const attemptName = "POST /{version}/{phone_number_id}/messages";
export const historyName = "POST /api/v1/conversations/{conversation_id}/messages";

/** The facts of a span that tests compare. */
export function factsOf(span: ReadableSpan): {
  readonly kind: SpanKind;
  readonly traceId: string;
  readonly parent: string | undefined;
  readonly links: readonly string[];
} {
  return {
    kind: span.kind,
    traceId: span.spanContext().traceId,
    parent: span.parentSpanContext?.spanId,
    links: span.links.map(({ context: linked }) => linked.traceId),
  };
}
