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

/** A part of a registry that can be removed from it as a whole. */
export interface RegistryPart extends Pick<MetricsRegistry, "registerMetric"> {
  remove(): void;
}

/** So that a registry can serve another service once this one is closed, or has failed to start. */
export function createRegistryPart(registry: MetricsRegistry): RegistryPart {
  const names: string[] = [];
  return {
    registerMetric(metric: { readonly name: string }) {
      registry.registerMetric(metric as never);
      names.push(metric.name);
    },
    remove() {
      for (const name of names) registry.removeSingleMetric(name);
    },
  };
}
