import type { R, Unavailable } from "./result.ts";
import type { ReceivedWebhook } from "./webhook-inbox.ts";

/** Hands what WhatsApp told us on to someone who wants to know. */
export interface WebhookForwarding {
  /** Hands one on, as it was received, under its own id. It may come more than once. `Unavailable` where it was not taken. */
  forward(webhook: ReceivedWebhook): R<void, Unavailable>;
}
