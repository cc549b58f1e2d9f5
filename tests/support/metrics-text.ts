/** A metric in Prometheus' text format. */
export interface Metric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  /** The names of its series: of a histogram also those that end with `_bucket`, `_sum` and `_count`. */
  readonly seriesNames: readonly string[];
}

/** Parses what `/metrics` answers. */
export function parseMetrics(text: string): ReadonlyMap<string, Metric> {
  const metrics = new Map<string, Metric>();
  for (const block of text.split(/^(?=# HELP )/m)) {
    const [, name = "", help = ""] = /^# HELP (\S+) (.*)$/m.exec(block) ?? [];
    const [, type = ""] = /^# TYPE \S+ (\S+)$/m.exec(block) ?? [];
    const parts = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    metrics.set(name, { name, type, help, seriesNames: parts.map((part) => `${name}${part}`) });
  }
  return metrics;
}
