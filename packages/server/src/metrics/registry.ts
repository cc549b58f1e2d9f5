/**
 * Where metrics are registered and read. A `Registry` of `@prometheus-io/client` fits; it must be of the Prometheus text format,
 * which is its default.
 */
export interface MetricsRegistry {
  readonly contentType: string;
  /** All metrics, as text in the format of `contentType`. */
  metrics(): Promise<string>;
  registerMetric(metric: never): void;
}
