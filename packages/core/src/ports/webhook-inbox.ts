import type { R, Unavailable } from "./result.ts";

/** Something that WhatsApp told us and that is not the status of a message: a message of a customer, a template's new state. */
export interface ReceivedWebhook {
  /** The same for the same webhook, however often it comes. */
  readonly id: string;
  readonly receivedAt: Date;
  /** JSON, as it was received. */
  readonly body: string;
}

/** Keeps what WhatsApp told us. */
export interface WebhookInbox {
  /**
   * Keeps webhooks, each id once, to the last code point and millisecond. With `forward`, each that is new also enters the
   * outbox together with its keeping, to be handed on.
   */
  add(webhooks: readonly ReceivedWebhook[], forward: boolean): R<void, Unavailable>;
  /** Up to `limit` of those that came last, the latest first. */
  latest(limit: number): R<readonly ReceivedWebhook[], Unavailable>;
}
