import { performance } from "node:perf_hooks";

import { collectDefaultMetrics, Counter, Registry } from "@prometheus-io/client";

/** Their names break the conventions of Prometheus: `promtool check metrics` rejects them. */
const misnamed = [
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
  "nodejs_eventloop_utilization_histogram",
  "nodejs_eventloop_utilization_summary",
];
const never = 2 ** 31 - 1;

/** A registry with the metrics of the process: CPU, memory, event loop, garbage collection. For one server in a process. */
export function createProcessRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopUtilizationTimeout: never });
  for (const name of misnamed) registry.removeSingleMetric(name);
  let countedMs = 0;
  const active = new Counter({
    name: "nodejs_eventloop_active_seconds_total",
    help: "How long the event loop was busy. Its rate is the utilization of the event loop.",
    registers: [registry],
    collect() {
      const activeMs = performance.eventLoopUtilization().active;
      active.inc(Math.max(0, activeMs - countedMs) / 1000);
      countedMs = Math.max(countedMs, activeMs);
    },
  });
  return registry;
}
