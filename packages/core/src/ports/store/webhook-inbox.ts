import type { ResultAsync } from "neverthrow";

import type { Unavailable } from "../unavailable.ts";
import type { ReceivedWebhook } from "../webhook-forwarding.ts";

/** Keeps the webhooks of WhatsApp. */
export interface WebhookInbox {
  /**
   * Keeps webhooks, each id once, to the last code point and millisecond. With `forward` each new one also enters the outbox in
   * the same commit, to be forwarded.
   */
  add(webhooks: readonly ReceivedWebhook[], forward: boolean): ResultAsync<void, Unavailable>;
  /**
   * The kept webhooks that match, the latest first; of one millisecond, in descending order of their ids. Page after page, each
   * webhook is listed once, whatever arrives meanwhile. A page has up to `limit` webhooks, and fewer if they would be longer than
   * `maxBytes` together, but at least one if any matches. Only webhooks of a phone number, if one is given.
   */
  list(query: WebhookPageQuery): ResultAsync<WebhookPage, Unavailable>;
  /**
   * Lets the webhooks of a page enter the outbox that never did, and those that are dead there. With `again` those that were
   * delivered enter too. One that is waiting there does not enter a second time. The pages are in the opposite order of `list`.
   */
  forward(query: WebhookForwardQuery): ResultAsync<WebhooksEntered, Unavailable>;
}

/** Which webhooks. Absent fields match all. */
export interface WebhookFilter {
  readonly phoneNumberId?: string;
  /** Received at this time or later. */
  readonly since?: Date;
  /** Received before this time. */
  readonly until?: Date;
}

/** The place of a webhook in the order of their arrival. */
export interface WebhookPosition {
  readonly receivedAt: Date;
  readonly id: string;
}

/** Which page of the webhooks that match. */
export interface WebhookPageQuery extends WebhookFilter {
  /** Only webhooks behind this position, in the order of the pages. */
  readonly after?: WebhookPosition;
  readonly limit: number;
  readonly maxBytes: number;
}

/** One page of the list. */
export interface WebhookPage {
  readonly webhooks: readonly ReceivedWebhook[];
  /** The position of the page's last webhook, if there are more behind it. */
  readonly next?: WebhookPosition;
}

/** Which webhooks to forward. */
export interface WebhookForwardQuery extends WebhookPageQuery {
  readonly again: boolean;
}

/** How many webhooks of a page there were, and how many of them entered the outbox. */
export interface WebhooksEntered {
  readonly matched: number;
  readonly entered: number;
  /** The position of the page's last webhook, if there are more behind it. */
  readonly next?: WebhookPosition;
}
