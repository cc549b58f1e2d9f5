import { setImmediate } from "node:timers/promises";

import { type Context, createContextKey, ROOT_CONTEXT, trace as api, TraceFlags } from "@opentelemetry/api";
import { expect, test } from "vitest";

import {
  contextOfRequest,
  runDetached,
  runForMessages,
  runInContext,
  traceFields,
  traceHeaders,
  withTrace,
} from "./trace-context.ts";

const trace = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${trace}-b7ad6b7169203331-01`;
const other = traceparent.replace("00-0", "00-f");

/** The trace that a request with this header continues. */
function callerOf(given: string | undefined) {
  return api.getSpanContext(contextOfRequest((name) => (name === "traceparent" ? given : undefined)));
}

// No OpenTelemetry SDK is registered in this file.

test("work passes the trace of its message on, across awaits and apart from other work", async () => {
  const work = (ofMessage: string) =>
    runForMessages([ofMessage], async () => {
      await setImmediate();
      return traceHeaders();
    });
  expect(await Promise.all([work(traceparent), work(other)])).toEqual([{ traceparent }, { traceparent: other }]);
});

test("work for several messages, or for none, passes no trace on", () => {
  expect(runForMessages([traceparent, other], traceHeaders)).toEqual({});
  expect(runForMessages([undefined], traceHeaders)).toEqual({});
  expect(traceHeaders()).toEqual({});
});

test("work that runs apart has left the trace", () => {
  expect(runForMessages([traceparent], () => runDetached(traceHeaders))).toEqual({});
});

test("a log line names the trace", () => {
  expect(runForMessages([traceparent], traceFields)).toEqual({ trace_id: trace, span_id: "b7ad6b7169203331" });
  expect(traceFields()).toBeUndefined();
});

test.each([
  ["another version with more fields", `01-${trace}-b7ad6b7169203331-01-what-comes`],
  ["a flag that is not known yet", `00-${trace}-b7ad6b7169203331-ff`],
])("%s is understood", (_, given) => {
  expect(callerOf(given)).toMatchObject({ traceId: trace, spanId: "b7ad6b7169203331", isRemote: true });
});

test.each([
  ["absent", undefined],
  ["empty", ""],
  ["in capitals", traceparent.toUpperCase()],
  ["without a trace", `00-${"0".repeat(32)}-b7ad6b7169203331-01`],
  ["without a span", `00-${trace}-${"0".repeat(16)}-01`],
  ["of the forbidden version", traceparent.replace("00-", "ff-")],
  ["too long for its version", `${traceparent}-more`],
  ["sent twice", `${traceparent}, ${traceparent}`],
  ["followed by a line break", `${traceparent}\r\nevil: 1`],
])("a traceparent that is %s is none", (_, given) => {
  expect(callerOf(given)).toBeUndefined();
});

test.each([undefined, traceparent])(
  "a context with the traceparent %s takes and loses values as others do",
  (given) => {
    const [one, two] = [createContextKey("one"), createContextKey("two")];
    const known = contextOfRequest((name) => (name === "traceparent" ? given : undefined));
    const within = withTrace(known, { traceId: trace, spanId: "b7ad6b7169203331", traceFlags: TraceFlags.NONE });
    const changed = within.setValue(one, 1).setValue(two, 2).setValue(one, 3).deleteValue(two);
    const values = (context: Context) => [
      context.getValue(one),
      context.getValue(two),
      api.getSpanContext(context)?.traceId,
    ];
    expect(values(changed)).toEqual([3, undefined, trace]);
    expect(values(within)).toEqual([undefined, undefined, trace]);
    expect(api.getSpanContext(api.deleteSpan(changed))).toBeUndefined();
    expect(runInContext(within, () => traceFields())?.trace_id).toBe(trace);
  },
);

test("a context keeps only the last value of each key", () => {
  const [one, two] = [createContextKey("one"), createContextKey("two")];
  let within = withTrace(ROOT_CONTEXT, { traceId: trace, spanId: "b7ad6b7169203331", traceFlags: TraceFlags.NONE });
  for (let step = 0; step < 100_000; step += 1) within = within.setValue(one, step).setValue(two, step);
  expect([one, two, createContextKey("none")].map((key) => within.getValue(key))).toEqual([99_999, 99_999, undefined]);
  expect(api.getSpanContext(within)?.traceId).toBe(trace);
});
