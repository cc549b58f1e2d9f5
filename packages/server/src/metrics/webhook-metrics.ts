import type { Handlers } from "./handlers.ts";
import type { Instruments } from "./instruments.ts";
import { perValue } from "./labels.ts";

/** What WhatsApp's webhooks said. */
export function createWebhookMetrics({
  counter,
}: Instruments): Handlers<
  "StatusesRecorded" | "StatusChanged" | "WebhookPartUnrecognized" | "ParkedStatusesForgotten"
> {
  const statuses = counter({
    name: "webhook_statuses_total",
    help: "Statuses in webhooks: applied to a message, parked until their message is known, or unmatched.",
    labels: ["result"],
  });
  const changes = counter({
    name: "status_changes_total",
    help: "Changes of the status of a message by a webhook, by the new status.",
    labels: ["status"],
  });
  const unrecognized = counter({
    name: "webhook_parts_unrecognized_total",
    help: "Parts of webhooks that were not understood.",
    labels: ["part"],
  });
  const forgotten = counter({
    name: "parked_statuses_forgotten_total",
    help: "Statuses of unknown messages that were dropped to make room.",
  });
  const [applied, parked, unmatched] = ["applied", "parked", "unmatched"].map((result) => statuses.labels(result));
  const changesOf = perValue((status) => changes.labels(status));
  const unrecognizedOf = perValue((part) => unrecognized.labels(part));

  return {
    StatusesRecorded(event) {
      applied?.inc(event.applied);
      parked?.inc(event.parked);
      unmatched?.inc(event.unmatched);
    },
    StatusChanged: ({ to }) => changesOf(to).inc(),
    WebhookPartUnrecognized: ({ part, count }) => unrecognizedOf(part).inc(count),
    ParkedStatusesForgotten: ({ count }) => forgotten.inc(count),
  };
}
