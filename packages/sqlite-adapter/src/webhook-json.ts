import type { ReceivedWebhook } from "@message-sender/core";

/** A webhook as JSON, in which every code point survives: SQLite's own text has no half of a surrogate pair. */
export function encodeWebhook(webhook: ReceivedWebhook): string {
  return JSON.stringify(webhook);
}

/** The webhook that `encodeWebhook` was given. */
export function decodeWebhook(text: string): ReceivedWebhook {
  const { id, receivedAt, body } = JSON.parse(text) as ReceivedWebhook;
  return { id, receivedAt: new Date(receivedAt), body };
}
