import type { ResultAsync } from "neverthrow";

import type { Unavailable } from "./unavailable.ts";
import type { ReceivedWebhook } from "./webhook-inbox.ts";

/** Forwards webhooks of WhatsApp to a receiver. */
export interface WebhookForwarding {
  /**
   * Forwards one unchanged, under its own id. A webhook may be forwarded more than once. `Unavailable` where the receiver did
   * not take it.
   */
  forward(webhook: ReceivedWebhook): ResultAsync<void, Unavailable>;
}
