/**
 * Where metrics are registered and read. A `Registry` of `@prometheus-io/client` fits; it must be of the Prometheus text format,
 * which is its default.
 */
export interface MetricsRegistry {
  readonly contentType: string;
  /** All metrics, as text in the format of `contentType`. */
  metrics(): Promise<string>;
  /** Adds a metric. */
  registerMetric(metric: never): void;
  /** Removes a metric by its name. */
  removeSingleMetric(name: string): void;
}

/** A part of a registry that can be read metric by metric, and removed as a whole. */
export interface RegistryPart extends Pick<MetricsRegistry, "registerMetric"> {
  /** The samples of one metric as they are now: none if the part has no such metric. */
  read(name: string): Promise<readonly Sample[]>;
  remove(): void;
}

/** One sample of a metric. Those of a histogram have a `metricName`, as in the text format. */
export interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  get(): Promise<{ readonly values: readonly Sample[] }>;
}

/** So that a registry can serve another service once this one is closed, or has failed to start. */
export function createRegistryPart(registry: MetricsRegistry): RegistryPart {
  const metrics = new Map<string, Metric>();
  return {
    registerMetric(metric: Metric) {
      registry.registerMetric(metric as never);
      metrics.set(metric.name, metric);
    },
    read: async (name) => (await metrics.get(name)?.get())?.values ?? [],
    remove() {
      for (const name of metrics.keys()) registry.removeSingleMetric(name);
    },
  };
}
