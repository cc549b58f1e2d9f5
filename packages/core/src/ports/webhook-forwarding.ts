import type { ResultAsync } from "neverthrow";

import type { Unavailable } from "./unavailable.ts";

/** A webhook of WhatsApp that is not the status of a message, such as a customer's message or a template's new state. */
export interface ReceivedWebhook {
  /** The same for the same webhook, however often it arrives. */
  readonly id: string;
  readonly receivedAt: Date;
  /** Meta's id of the business phone number that it is about. Absent if it names none, or several. */
  readonly phoneNumberId?: string;
  /** JSON, as it was received. */
  readonly body: string;
}

/** Forwards webhooks of WhatsApp to a receiver. */
export interface WebhookForwarding {
  /**
   * Forwards one unchanged, under its own id. A webhook may be forwarded more than once. `Unavailable` where the receiver did
   * not take it.
   */
  forward(webhook: ReceivedWebhook): ResultAsync<void, Unavailable>;
}
