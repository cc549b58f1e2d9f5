import { AsyncLocalStorage } from "node:async_hooks";

import {
  type Context,
  context,
  createContextKey,
  createTraceState,
  isSpanContextValid,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  type TextMapGetter,
  trace,
  TraceFlags,
} from "@opentelemetry/api";

/** Carries contexts across awaits if no OpenTelemetry SDK does. */
const carried = new AsyncLocalStorage<Context>();

/** The traceparents of the messages that the work is for. They are parsed when somebody asks. */
const originsKey = createContextKey("message-sender: origins");

/**
 * A context with one value more than another. OpenTelemetry's own copies all values of the other, and has three functions of its own:
 * each request that waits would keep them.
 */
class DerivedContext implements Context {
  readonly #origin: Context;
  readonly #key: symbol;
  readonly #value: unknown;

  constructor(origin: Context, key: symbol, value: unknown) {
    this.#origin = origin;
    this.#key = key;
    this.#value = value;
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#origin.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return new DerivedContext(this.#without(key), key, value);
  }

  deleteValue(key: symbol): Context {
    return this.setValue(key, undefined);
  }

  /** A value that is replaced is not kept: work that starts further work, without end, would keep all of them. */
  #without(key: symbol): Context {
    if (key === this.#key) return this.#origin;
    const origin = this.#origin instanceof DerivedContext ? this.#origin.#without(key) : this.#origin;
    return origin === this.#origin ? this : new DerivedContext(origin, this.#key, this.#value);
  }
}

/** The root context, except that what is derived from it is a `DerivedContext`. */
const root = new DerivedContext(ROOT_CONTEXT, createContextKey("message-sender: root"), undefined);

/** The context whose trace is `spanContext`. */
export function withTrace(within: Context, spanContext: SpanContext): Context {
  return trace.setSpanContext(within === ROOT_CONTEXT ? root : within, spanContext);
}

/** The context of the current work. */
export function activeContext(): Context {
  const active = context.active();
  return active === ROOT_CONTEXT ? (carried.getStore() ?? active) : active;
}

/** Runs `work` in a context. */
export function runInContext<T>(within: Context, work: () => T): T {
  return carried.run(within, () => context.with(within, work));
}

/** Runs `work` outside every trace. */
export function runDetached<T>(work: () => T): T {
  return runInContext(ROOT_CONTEXT, work);
}

/** Runs work for messages. Spans that begin in it, but in another trace, are linked to the messages' own traces. */
export function runForMessages<T>(traceparents: readonly (string | undefined)[], work: () => T): T {
  const active = activeContext();
  const isDerived = active instanceof DerivedContext;
  const within = isDerived
    ? active.setValue(originsKey, traceparents)
    : new DerivedContext(active, originsKey, traceparents);
  return runInContext(within, work);
}

/** Links to the messages that work in this context is for, if they began in another trace. */
export function linksOf(within: Context): Link[] {
  const own = trace.getSpanContext(within)?.traceId;
  return traceparentsOf(within).flatMap((traceparent) => {
    const origin = parseTraceparent(traceparent);
    return origin === undefined || origin.traceId === own ? [] : [{ context: origin }];
  });
}

/** The trace that the current work belongs to: that of its span, or else that of the one message that it is for. */
export function currentTrace(within: Context = activeContext()): SpanContext | undefined {
  const own = trace.getSpanContext(within);
  return own && isSpanContextValid(own) ? own : soleOrigin(within);
}

function soleOrigin(within: Context): SpanContext | undefined {
  let sole: SpanContext | undefined;
  for (const traceparent of traceparentsOf(within)) {
    const origin = parseTraceparent(traceparent);
    if (origin && sole) return undefined;
    sole ??= origin;
  }
  return sole;
}

const nothing: readonly undefined[] = [];

function traceparentsOf(within: Context): readonly (string | undefined)[] {
  return (within.getValue(originsKey) as readonly (string | undefined)[] | undefined) ?? nothing;
}

const traceparentForm = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined if it is absent or malformed (W3C Trace Context, section 3.2). */
function parseTraceparent(traceparent: string | undefined, tracestate?: string): SpanContext | undefined {
  const parts = traceparent === undefined ? null : traceparentForm.exec(traceparent);
  if (!parts) return undefined;
  const [, version, traceId = "", spanId = "", flags = "", more] = parts;
  if (version === "00" && more !== undefined) return undefined;
  return {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  };
}

export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  const flags = traceFlags === TraceFlags.SAMPLED ? "01" : traceFlags.toString(16).padStart(2, "0");
  // One string, where a template would keep five.
  return ["00", traceId, spanId, flags].join("-");
}

type Header = (name: string) => string | undefined;

/** The context that a request came with. The span of a framework around us comes first. */
export function contextOfRequest(header: Header): Context {
  const around = activeContext();
  if (trace.getSpan(around)) return around;
  const extracted = propagation.extract(around, header, headerGetter);
  if (trace.getSpanContext(extracted)) return extracted;
  const caller = parseTraceparent(header("traceparent"), header("tracestate"));
  return caller ? withTrace(extracted, caller) : extracted;
}

const headerGetter: TextMapGetter<Header> = { get: (header, name) => header(name), keys: () => [] };

/** The headers that pass the current trace on: those of the SDK's propagators, and always W3C Trace Context. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const within = activeContext();
  const headers: Record<string, string> = {};
  propagation.inject(within, headers);
  const passed = currentTrace(within);
  if (passed && headers["traceparent"] === undefined) {
    headers["traceparent"] = formatTraceparent(passed);
    const state = passed.traceState?.serialize();
    if (state) headers["tracestate"] = state;
  }
  return headers;
}

/** A trace, for a log line. */
export interface TraceFields {
  readonly trace_id: string;
  readonly span_id: string;
}

/** The current trace, for a log line. */
export function traceFields(within: Context = activeContext()): TraceFields | undefined {
  const current = currentTrace(within);
  return current && { trace_id: current.traceId, span_id: current.spanId };
}
