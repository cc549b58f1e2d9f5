import { Gauge, type Registry } from "@prometheus-io/client";

import { type Counter, createCounter } from "./counter.ts";
import { createHistogram, type Histogram } from "./histogram.ts";
import type { MetricsRegistry } from "./registry.ts";

interface Description {
  /** Without the prefix that all metrics share. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

/** Creates the metrics of a registry. */
export interface Instruments {
  counter(description: Description): Counter;
  histogram(description: Description & { readonly buckets: readonly number[] }): Histogram;
  /** `collect` sets its values before each scrape. */
  gauge(description: Description & { readonly collect?: (gauge: Gauge) => void | Promise<void> }): Gauge;
}

const prefix = "message_sender_";

export function createInstruments(registry: Pick<MetricsRegistry, "registerMetric">): Instruments {
  const registers = [registry as unknown as Registry];
  const common = ({ name, help, labels = [] }: Description) => ({
    name: `${prefix}${name}`,
    help,
    labelNames: [...labels],
  });
  return {
    counter: (description) => createCounter({ ...common(description), registers }),
    histogram: ({ buckets, ...description }) =>
      createHistogram({
        ...common(description),
        buckets,
        register: (metric) => registry.registerMetric(metric as never),
      }),
    gauge({ collect, ...description }) {
      const gauge: Gauge = new Gauge({
        ...common(description),
        registers,
        ...(collect && { collect: () => collect(gauge) }),
      });
      return gauge;
    },
  };
}
