import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { History } from "../../ports/history.ts";
import type { StatusCallbacks } from "../../ports/status-callbacks.ts";
import type { Outbox, Topic } from "../../ports/store/outbox.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import type { WebhookForwarding } from "../../ports/webhook-forwarding.ts";
import { createHistorySubscriber } from "./deliver-history.ts";
import { createOutboxDelivery } from "./deliver-outbox.ts";
import { createStatusDelivery } from "./deliver-statuses.ts";
import { createWebhookSubscriber } from "./forward-webhooks.ts";
import type { OutboxDelivery } from "./outbox-delivery.ts";

interface DeliveriesPorts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly shutdown: Pick<ShutdownSignal, "sleep">;
  readonly history?: History;
  readonly statusCallbacks?: StatusCallbacks;
  readonly webhookForwarding?: WebhookForwarding;
}

export type Deliveries = { readonly [T in Topic]?: OutboxDelivery<T> };

/** The delivery of each topic that has a receiver. */
export function createDeliveries(ports: DeliveriesPorts): Deliveries {
  const { history, statusCallbacks, webhookForwarding, telemetry } = ports;
  return {
    ...(history && { history: createOutboxDelivery(ports, createHistorySubscriber(history, telemetry)) }),
    ...(statusCallbacks && { status: createStatusDelivery(ports, statusCallbacks) }),
    ...(webhookForwarding && {
      webhook: createOutboxDelivery(ports, createWebhookSubscriber(webhookForwarding, telemetry)),
    }),
  };
}
