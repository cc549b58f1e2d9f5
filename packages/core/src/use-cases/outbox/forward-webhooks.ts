import type { Telemetry } from "../../ports/telemetry.ts";
import type { WebhookForwarding } from "../../ports/webhook-forwarding.ts";
import type { Subscriber } from "./deliver-outbox.ts";

/** The subscriber that forwards webhooks, each in its own request. */
export function createWebhookSubscriber(forwarding: WebhookForwarding, telemetry: Telemetry): Subscriber<"webhook"> {
  return {
    topic: "webhook",
    // Four batches at a time need no more requests than there are connections. Waiting for one would use up a request's timeout.
    batchSize: 4,
    deliver: (webhooks) =>
      Promise.all(
        webhooks.map(async (webhook) =>
          (await forwarding.forward(webhook)).match(
            () => "delivered" as const,
            ({ reason, retryAt }) => ({ reason, ...(retryAt && { retryAt }) }),
          ),
        ),
      ),
    deliveredEvent: "WebhookForwarded",
    onDelivered: ({ id: webhookId }, lagMs) => telemetry.record({ kind: "WebhookForwarded", webhookId, lagMs }),
    onRetry: ({ id: webhookId }, retryAt, { reason }) =>
      telemetry.record({ kind: "WebhookRetried", webhookId, retryAt, reason }),
    onDead: ({ id: webhookId }, { reason }) => telemetry.record({ kind: "WebhookDead", webhookId, reason }),
  };
}
