import type { ReceivedWebhook } from "@message-sender/core";

/** The columns of a webhook, and its id in the outbox. */
export function webhookRow({ id, receivedAt }: ReceivedWebhook) {
  return { id, received_at: receivedAt, entry_id: `webhook:${id}` };
}

/** JSON: PostgreSQL's text refuses some code points. */
export function encodeWebhook({ id, receivedAt, body }: ReceivedWebhook): string {
  return JSON.stringify({ id, receivedAt, body });
}

export function decodeWebhook(text: string): ReceivedWebhook {
  const webhook = JSON.parse(text) as Omit<ReceivedWebhook, "receivedAt"> & { readonly receivedAt: string };
  return { ...webhook, receivedAt: new Date(webhook.receivedAt) };
}
