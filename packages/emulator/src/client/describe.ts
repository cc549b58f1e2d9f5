import type { ChatMessage } from "../chats/chat-message.ts";
import type { WebhookRecord } from "../webhooks/delivery.ts";

/** What was waited for, in words. */
export function describeMatch(match: object): string {
  const parts = Object.entries(match).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value instanceof RegExp ? String(value) : JSON.stringify(value)}`],
  );
  return parts.length === 0 ? "" : ` with ${parts.join(" and ")}`;
}

/** The messages that came instead. */
export function describeMessages(messages: unknown): string {
  const lines = (Array.isArray(messages) ? (messages as readonly ChatMessage[]) : []).map(
    ({ customer, type, text, status }) => `\n  to ${customer}: ${type} ${JSON.stringify(text)} (${status})`,
  );
  return lines.length === 0 ? "No message was sent at all." : `The latest are:${lines.join("")}`;
}

/** The webhooks that were sent instead. */
export function describeWebhooks(webhooks: unknown): string {
  const lines = (Array.isArray(webhooks) ? (webhooks as readonly WebhookRecord[]) : []).map(
    ({ kind, statuses, responseStatus, error, url }) =>
      `\n  ${[kind, ...statuses.map(({ status }) => status)].join(" ")} to ${url}: ${responseStatus ?? error ?? "no answer"}`,
  );
  return lines.length === 0 ? "No webhook was sent at all." : `The latest are:${lines.join("")}`;
}
