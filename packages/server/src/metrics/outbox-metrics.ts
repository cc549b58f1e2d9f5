import { type Topic, topics } from "@message-sender/core/adapter";

import type { Handlers } from "./handlers.ts";
import type { Instruments } from "./instruments.ts";
import { perValue } from "./labels.ts";

const buckets = [0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300, 3600, 14_400, 86_400];

const results = ["delivered", "retried", "dead", "refused"] as const;

/**
 * Deliveries to the Conversation Service (topic `history`), and to the receivers of webhooks (`webhook`) and status callbacks
 * (`status`).
 */
export function createOutboxMetrics({
  counter,
  histogram,
}: Instruments): Handlers<
  | "HistoryStored"
  | "HistoryRetried"
  | "HistoryDead"
  | "WebhookForwarded"
  | "WebhookRetried"
  | "WebhookDead"
  | "CallbackDelivered"
  | "CallbackRetried"
  | "CallbackDead"
> {
  const deliveries = counter({
    name: "outbox_deliveries_total",
    help: "Deliveries of outbox entries, by result: delivered, to be retried, dead, or refused for good by the receiver of a status callback.",
    labels: ["topic", "result"],
  });
  const lags = histogram({
    name: "outbox_delivery_seconds",
    help: "From when an entry was added to the outbox until it was delivered.",
    labels: ["topic"],
    buckets,
  });
  const deliveriesOf = perValue((topic) => perValue((result) => deliveries.labels(topic, result)));
  // They exist from the start: a series that begins with 1 shows no increase.
  for (const topic of topics)
    for (const result of results) if (result !== "refused" || topic === "status") deliveriesOf(topic)(result);
  const lagsOf = perValue((topic) => lags.labels(topic));

  const delivered = (topic: Topic) => (event: { readonly lagMs: number }) => {
    deliveriesOf(topic)("delivered").inc();
    lagsOf(topic).observe(event.lagMs / 1000);
  };
  const ended = (topic: Topic, result: (typeof results)[number]) => () => deliveriesOf(topic)(result).inc();

  return {
    HistoryStored: delivered("history"),
    HistoryRetried: ended("history", "retried"),
    HistoryDead: ended("history", "dead"),
    WebhookForwarded: delivered("webhook"),
    WebhookRetried: ended("webhook", "retried"),
    WebhookDead: ended("webhook", "dead"),
    CallbackDelivered: delivered("status"),
    CallbackRetried: ended("status", "retried"),
    CallbackDead: ({ refused }) => deliveriesOf("status")(refused ? "refused" : "dead").inc(),
  };
}
