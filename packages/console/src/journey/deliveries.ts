import { type Message, type MessageDeliveries, statusOf } from "@message-sender/core";
import { type DeliveredEntry, isErased, type UndeliveredEntry } from "@message-sender/core/adapter";

import { maskedText } from "../messages/masked.ts";
import { duration } from "../words/duration.ts";
import type { Step } from "./step.ts";

const receivers = { history: "Conversation Service", status: "Status callback" } as const;

/** What is still to be delivered about a message, since when, what was given up, and what was delivered late or after it had failed. */
export function deliverySteps({ undelivered, delivered }: MessageDeliveries, now: Date): readonly Step[] {
  return [...delivered.map(deliveredStep), ...undelivered.map((entry) => undeliveredStep(entry, now))];
}

function deliveredStep({ topic, version, enqueuedAt, deliveredAt, claims, why }: DeliveredEntry): Step {
  const lasted = duration(deliveredAt.getTime() - enqueuedAt.getTime());
  const tries = `${claims} ${claims === 1 ? "try" : "tries"}`;
  return {
    lane: "deliveries",
    at: enqueuedAt,
    until: deliveredAt,
    tone: "good",
    title: `${receivers[topic]}, version ${version}: delivered after ${lasted} and ${tries}`,
    ...(why !== undefined && { reason: `The last failure: ${why}` }),
  };
}

function undeliveredStep(entry: UndeliveredEntry, now: Date): Step {
  const { topic, version, enqueuedAt: at, state, claims, why } = entry;
  const isOpen = state !== "dead";
  return {
    lane: "deliveries",
    at,
    ...(isOpen && { until: now > at ? now : at, isOpen }),
    tone: state === "dead" ? "bad" : claims > 0 && why !== undefined ? "warn" : "info",
    title: `${receivers[topic]}, version ${version}: ${stateWords(entry, now)}`,
    ...(why !== undefined && { reason: why }),
  };
}

/** `given up after 3 tries`. */
export function stateWords({ state, claims, dueAt }: UndeliveredEntry, now: Date): string {
  const tried = claims === 0 ? "not tried yet" : `after ${claims} ${claims === 1 ? "try" : "tries"}`;
  switch (state) {
    case "dead":
      return `given up ${tried}`;
    case "leased":
      return claims === 1 ? "being delivered" : `being delivered, try ${claims}`;
    case "waiting":
      return dueAt ? `waits ${tried}, the next in ${duration(dueAt.getTime() - now.getTime())}` : `waits, ${tried}`;
  }
}

/** What the Conversation Service knows of a message, in a sentence. Its updates that are still to be delivered are said beside it. */
export function historyWords(message: Message, { undelivered, hasHistory }: MessageDeliveries): string {
  if (undelivered.some(({ topic }) => topic === "history")) return "It was not told everything.";
  if (!hasHistory) return "There is none.";
  if (message.told !== undefined) return "Nothing is left to deliver.";
  const isOver = ["failed", "expired", "canceled"].includes(statusOf(message));
  return isOver
    ? "It is told only of messages that WhatsApp has accepted."
    : "It is told once WhatsApp accepts the message.";
}

/** Whether the history of a message can be delivered again. The sender decides again when it is asked. */
export function canResendHistory(message: Message, { undelivered, hasHistory }: MessageDeliveries): boolean {
  if (undelivered.some(({ topic }) => topic === "history")) return true;
  return hasHistory && message.told !== undefined && !isErased(message);
}

/** What a resend of the history will do, for whoever confirms it. */
export function historySays({ undelivered }: MessageDeliveries, now: Date): readonly string[] {
  const left = undelivered.filter(({ topic }) => topic === "history");
  if (left.length === 0)
    return [
      "Everything was delivered. The Conversation Service is told what the message says now, under its present version. A service that has that version recognises the repeat.",
    ];
  return left.map((entry) => {
    const reason = entry.why === undefined ? "" : ` Last time: ${maskedText(entry.why)}.`;
    const done = entry.state === "leased" ? "It is being delivered already." : "It is delivered now, as it was.";
    return `The update of version ${entry.version}: ${stateWords(entry, now)}.${reason} ${done}`;
  });
}
