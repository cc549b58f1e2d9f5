import type { ResultAsync } from "neverthrow";

import type { Unavailable } from "./unavailable.ts";

/** A webhook of WhatsApp that is not the status of a message, such as a customer's message or a template's new state. */
export interface ReceivedWebhook {
  /** The same for the same webhook, however often it arrives. */
  readonly id: string;
  readonly receivedAt: Date;
  /** JSON, as it was received. */
  readonly body: string;
}

/** Keeps the webhooks of WhatsApp. */
export interface WebhookInbox {
  /**
   * Keeps webhooks, each id once, to the last code point and millisecond. With `forward` each new one also enters the outbox in
   * the same commit, to be forwarded.
   */
  add(webhooks: readonly ReceivedWebhook[], forward: boolean): ResultAsync<void, Unavailable>;
  /** Up to `limit` of the latest webhooks, the latest first. */
  latest(limit: number): ResultAsync<readonly ReceivedWebhook[], Unavailable>;
}
