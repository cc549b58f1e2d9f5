import type { Handlers } from "./handlers.ts";
import type { Instruments } from "./instruments.ts";
import { perValue } from "./labels.ts";

const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Calls of `send` and `enqueue`, whoever makes them. */
export function createCallMetrics({ counter, histogram }: Instruments): Handlers<"CallAnswered"> {
  const calls = counter({
    name: "calls_total",
    help: "Calls of send and enqueue, by result: done, replayed, or the kind of the error.",
    labels: ["call", "result"],
  });
  const refusals = counter({
    name: "pacing_refusals_total",
    help: "Calls that pacing refused before their first attempt: by a rate limit, or because WhatsApp is failing.",
    labels: ["cause"],
  });
  const durations = histogram({
    name: "call_duration_seconds",
    help: "How long calls of send and enqueue take, from end to end. success: done or replayed.",
    labels: ["call", "success"],
    buckets,
  });
  const callsOf = perValue((call) => perValue((result) => calls.labels(call, result)));
  const refusalsOf = perValue((cause) => refusals.labels(cause));
  const durationsOf = perValue((call) => ({
    success: durations.labels(call, "true"),
    failure: durations.labels(call, "false"),
  }));

  return {
    CallAnswered({ call, result, cause, durationMs }) {
      callsOf(call)(result).inc();
      if (cause) refusalsOf(cause).inc();
      const { success, failure } = durationsOf(call);
      (result === "done" || result === "replayed" ? success : failure).observe(durationMs / 1000);
    },
  };
}
