import { Counter as ClientCounter } from "@prometheus-io/client";

import { perSeries } from "./labels.ts";

/** One time series that counts. */
export interface Count {
  inc(by?: number): void;
}

/** A counter. One without label names counts by itself; of any other, only its series count. */
export interface Counter extends Count {
  /** The series with these label values, which begins with 0. */
  labels(...values: readonly string[]): Count;
}

/**
 * Each series counts in a variable of its own, and hands its count over when Prometheus scrapes: the client's own counter looks the
 * series up by its labels at each event, which costs ten times as much.
 */
export function createCounter(config: Omit<ConstructorParameters<typeof ClientCounter>[0], "collect">): Counter {
  const handOvers: (() => void)[] = [];
  const counter = new ClientCounter({
    ...config,
    collect() {
      for (const handOver of handOvers) handOver();
    },
  });

  function countOf(series: Count): Count {
    let count = 0;
    handOvers.push(() => {
      series.inc(count);
      count = 0;
    });
    return {
      inc(by = 1) {
        if (by > 0 && by < Infinity) count += by;
      },
    };
  }

  const seriesOf = perSeries((values) => countOf(counter.labels(...values)));

  return {
    ...countOf((config.labelNames ?? []).length === 0 ? counter : { inc: () => {} }),
    labels: (...values) => seriesOf(values),
  };
}
