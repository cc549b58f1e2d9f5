import { z } from "zod";

import { respondContent } from "../requests/respond.ts";
import { defineRoute } from "../routes/route.ts";
import type { Routes } from "../routes/routes.ts";

/** Where the metrics come from. A `Registry` of `@prometheus-io/client` fits. */
export interface MetricsSource {
  /** The media type of the text. */
  readonly contentType: string;
  /** All metrics in Prometheus' text format. Must not reject. */
  metrics(): Promise<string>;
}

const metricsRoute = defineRoute({
  method: "GET",
  path: "/metrics",
  scope: "metrics",
  operation: "getMetrics",
  tag: "Server",
  summary: "Get the metrics of this process",
  description:
    "For Prometheus. No metric names a tenant, a number, a recipient or a message. Gauges of the store are those of a few seconds ago, and `NaN` while the store cannot be read.",
  answers: {
    200: {
      description: "All metrics, in Prometheus' text format.",
      mediaType: "text/plain",
      schema: z.string(),
      examples: {
        metrics: [
          "# HELP message_sender_messages_accepted_total Messages that were stored.",
          "# TYPE message_sender_messages_accepted_total counter",
          "message_sender_messages_accepted_total 4711",
          "",
        ].join("\n"),
      },
    },
  },
  problems: [],
});

/** What Prometheus scrapes. */
export function mountMetrics(routes: Routes, source: MetricsSource): void {
  routes.add(metricsRoute, async (c) =>
    respondContent(c, await source.metrics(), { "content-type": source.contentType }),
  );
}
