import type { Slot } from "@message-sender/console";

import type { RegistryPart, Sample } from "../metrics/registry.ts";

/** The counters that the console shows, by the label that tells them apart. */
const counters = [
  { metric: "messages_accepted_total", name: "accepted" },
  { metric: "messages_ended_total", name: "ended", by: "outcome" },
  { metric: "messages_unknown_total", name: "unknown" },
  { metric: "status_changes_total", name: "status", by: "status" },
  { metric: "calls_total", name: "call", by: "result" },
  { metric: "attempts_total", name: "attempt", by: "outcome" },
  { metric: "retries_total", name: "retry" },
] as const;

/** The histograms, each of the series with these labels. */
const histograms = [
  { metric: "call_duration_seconds", name: "send", of: { call: "send", success: "true" } },
  { metric: "attempt_duration_seconds", name: "whatsapp", of: { outcome: "accepted" } },
  { metric: "message_duration_seconds", name: "queue", of: { mode: "queued" } },
  { metric: "outbox_delivery_seconds", name: "history", of: { topic: "history" } },
] as const;

/** What the metrics count as of now. */
export async function readTotals({ read }: Pick<RegistryPart, "read">): Promise<Slot> {
  const counts: Record<string, number> = {};
  const spans: Record<string, number[]> = {};
  for (const { metric, name, ...rest } of counters) {
    for (const { labels, value } of await read(`message_sender_${metric}`)) {
      const key = "by" in rest ? `${name}:${labels[rest.by]}` : name;
      counts[key] = (counts[key] ?? 0) + value;
    }
  }
  for (const { metric, name, of } of histograms) {
    const buckets = (await read(`message_sender_${metric}`)).filter(
      ({ metricName, labels }) => metricName?.endsWith("_bucket") && hasLabels(labels, of),
    );
    if (buckets.length > 0) spans[name] = eachBucket(buckets);
  }
  return { counts, spans };
}

/** The upper bounds of each histogram's buckets, in milliseconds; the last bucket has none. */
export async function readBounds({ read }: Pick<RegistryPart, "read">): Promise<Record<string, readonly number[]>> {
  const bounds: Record<string, readonly number[]> = {};
  for (const { metric, name, of } of histograms) {
    const ends = (await read(`message_sender_${metric}`)).flatMap(({ metricName, labels }) =>
      metricName?.endsWith("_bucket") && hasLabels(labels, of) ? [Number(labels["le"]) * 1000] : [],
    );
    bounds[name] = ends.filter(Number.isFinite);
  }
  return bounds;
}

function hasLabels(labels: Sample["labels"], wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Prometheus counts in each bucket what is in those before it too. */
function eachBucket(buckets: readonly Sample[]): number[] {
  return buckets.map(({ value }, index) => value - (buckets[index - 1]?.value ?? 0));
}
