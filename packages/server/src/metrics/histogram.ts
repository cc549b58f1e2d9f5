import type { MetricObject, MetricObjectWithValues, MetricValueWithName } from "@prometheus-io/client";

import { perSeries } from "./labels.ts";

/** One time series of a histogram. */
interface Observations {
  observe(value: number): void;
}

/** A histogram. One without label names observes by itself; of any other, only its series observe. */
export interface Histogram extends Observations {
  /** The series with these label values. */
  labels(...values: readonly string[]): Observations;
}

interface HistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** The upper bounds, in ascending order. */
  readonly buckets: readonly number[];
  readonly register: (metric: HistogramMetric) => void;
}

/** What a registry needs of a metric. */
interface HistogramMetric extends MetricObject {
  readonly labelNames: readonly string[];
  get(): Promise<MetricObjectWithValues<Value>>;
  reset(): void;
}

type Value = MetricValueWithName<string>;

/**
 * Each series counts in variables of its own: the client's own histogram looks the series up by its labels at each event, which
 * costs ten times as much. What it reports has the form of the client's, which writes it as text.
 */
export function createHistogram({ name, help, labelNames, buckets, register }: HistogramOptions): Histogram {
  const all: Series[] = [];
  const described = { name, help, type: "histogram", aggregator: "sum", collect: () => {} } as const;

  const seriesOf = perSeries((values) => {
    const labels = Object.fromEntries(labelNames.map((label, index) => [label, values[index] ?? ""]));
    const series = createSeries(name, labels, buckets);
    all.push(series);
    return series;
  });

  register({
    ...described,
    labelNames,
    get: async () => ({ ...described, values: all.flatMap((series) => series.values()) }),
    reset() {
      for (const series of all) series.reset();
    },
  });
  return {
    observe: labelNames.length === 0 ? seriesOf([]).observe : () => {},
    labels: (...values) => seriesOf(values),
  };
}

interface Series extends Observations {
  values(): readonly Value[];
  reset(): void;
}

function createSeries(name: string, labels: Value["labels"], buckets: readonly number[]): Series {
  /** How many values are at most as large as each bound, and larger than the one before. The last has no bound. */
  const counts = Array.from({ length: buckets.length + 1 }, () => 0);
  let sum = 0;

  return {
    observe(value) {
      if (!Number.isFinite(value)) return;
      let bucket = 0;
      while (bucket < buckets.length && value > (buckets[bucket] ?? Infinity)) bucket += 1;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      sum += value;
    },
    values() {
      let count = 0;
      const upTo = counts.map((each, bucket) => {
        count += each;
        return { metricName: `${name}_bucket`, labels: { le: buckets[bucket] ?? "+Inf", ...labels }, value: count };
      });
      return [
        ...upTo,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: count },
      ];
    },
    reset() {
      counts.fill(0);
      sum = 0;
    },
  };
}
