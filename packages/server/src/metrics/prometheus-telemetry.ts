import type { Telemetry } from "@message-sender/core/adapter";

import { createAttemptMetrics } from "./attempt-metrics.ts";
import { createCallMetrics } from "./call-metrics.ts";
import type { Handlers } from "./handlers.ts";
import { createInstruments } from "./instruments.ts";
import { createMessageMetrics } from "./message-metrics.ts";
import { createOutboxMetrics } from "./outbox-metrics.ts";
import { createPacingMetrics } from "./pacing-metrics.ts";
import { createPauseMetrics } from "./pause-metrics.ts";
import { createQuotaMetrics } from "./quota-metrics.ts";
import type { MetricsRegistry } from "./registry.ts";
import { createServerMetrics } from "./server-metrics.ts";
import { createTemplateMetrics } from "./template-metrics.ts";
import { createWebhookMetrics } from "./webhook-metrics.ts";

/**
 * Counts the events of a sender in a registry. No metric has a tenant, a number, a recipient or an id as a label: the count of
 * series does not grow with them. `createService` does this by itself if it gets `metrics`.
 *
 * @example
 * ```ts
 * import { createMessageSender } from "@message-sender/core";
 * import { createPrometheusTelemetry } from "@message-sender/server";
 * import { Registry } from "@prometheus-io/client";
 *
 * const registry = new Registry();
 * const sender = createMessageSender({ ...ports, telemetry: createPrometheusTelemetry(registry) });
 * ```
 */
export function createPrometheusTelemetry(registry: Pick<MetricsRegistry, "registerMetric">): Telemetry {
  const instruments = createInstruments(registry);
  const handlers: Handlers = {
    ...createCallMetrics(instruments),
    ...createMessageMetrics(instruments),
    ...createAttemptMetrics(instruments),
    ...createPacingMetrics(instruments),
    ...createPauseMetrics(instruments),
    ...createTemplateMetrics(instruments),
    ...createQuotaMetrics(instruments),
    ...createOutboxMetrics(instruments),
    ...createWebhookMetrics(instruments),
    ...createServerMetrics(instruments),
  };
  return { record: (event) => handlers[event.kind](event as never) };
}
