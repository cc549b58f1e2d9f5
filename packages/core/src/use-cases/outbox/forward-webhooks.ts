import type { Telemetry } from "../../ports/telemetry.ts";
import type { WebhookForwarding } from "../../ports/webhook-forwarding.ts";
import type { Subscriber } from "./deliver-outbox.ts";

/** Forwards webhooks, each in a request of its own. */
export function createWebhookSubscriber(forwarding: WebhookForwarding, telemetry: Telemetry): Subscriber<"webhook"> {
  return {
    topic: "webhook",
    // With four batches at a time, no more than there are connections: one that waits for a connection loses its time.
    batchSize: 4,
    deliver: (webhooks) =>
      Promise.all(
        webhooks.map(async (webhook) =>
          (await forwarding.forward(webhook)).match(
            () => "taken" as const,
            ({ reason, retryAt }) => ({ reason, ...(retryAt && { retryAt }) }),
          ),
        ),
      ),
    onDelivered: ({ id: webhookId }, lagMs) => telemetry.record({ kind: "WebhookForwarded", webhookId, lagMs }),
    onRetry: ({ id: webhookId }, retryAt, { reason }) =>
      telemetry.record({ kind: "WebhookRetried", webhookId, retryAt, reason }),
    onDead: ({ id: webhookId }, { reason }) => telemetry.record({ kind: "WebhookDead", webhookId, reason }),
  };
}
