import { err, errAsync, ok, type Result, ResultAsync } from "neverthrow";

import { closing, type ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { WebhookForwarding } from "../../ports/webhook-forwarding.ts";
import type { ReceivedWebhook, WebhookFilter, WebhookInbox, WebhookPosition } from "../../ports/webhook-inbox.ts";
import { type WebhookFacts, webhookFactsOf } from "./webhook-facts.ts";

/** Which kept webhooks to list. */
export interface WebhooksQuery extends WebhookFilter {
  /** `next` of the page before. Default: the latest webhooks. */
  readonly after?: WebhookPosition;
  /** The most webhooks of a page, from 1. Default: 50. */
  readonly limit?: number;
}

/** A kept webhook, with what it is about. */
export interface KeptWebhook extends ReceivedWebhook, WebhookFacts {}

/** A page of kept webhooks, the latest first. */
export interface KeptWebhooks {
  /** There may be fewer than `limit` although there is a next page: the texts of a page have up to a mebibyte together. */
  readonly webhooks: readonly KeptWebhook[];
  /** Where the next page begins. Absent on the last one. */
  readonly next?: WebhookPosition;
}

/** Which kept webhooks to forward. */
export interface ForwardWebhooksQuery extends WebhookFilter {
  /** Also those that were forwarded before. Default: false. */
  readonly again?: boolean;
}

/** How many kept webhooks are on their way to the receiver. */
export interface WebhooksForwarded {
  /** Those that match. */
  readonly matched: number;
  /** Those of them that were put into the outbox by this call. The others are in it already, or were forwarded before. */
  readonly queued: number;
}

/** The sender has no receiver of webhooks. */
export interface NoWebhookReceiver {
  readonly kind: "NoWebhookReceiver";
}

interface KeptWebhooksParts {
  readonly webhookInbox: WebhookInbox;
  readonly webhookForwarding?: WebhookForwarding;
  readonly shutdown: ShutdownSignal;
}

const defaultLimit = 50;
const maxBytes = 1024 * 1024;
/** A commit of more would make sends wait. */
const forwardedAtOnce = 100;

/** What was kept of WhatsApp's webhooks: to read, and to forward later. */
export function createKeptWebhooks({ webhookInbox, webhookForwarding, shutdown }: KeptWebhooksParts) {
  async function forwardAll(query: ForwardWebhooksQuery): Promise<Result<WebhooksForwarded, Unavailable>> {
    const { again = false, ...filter } = query;
    let [matched, queued] = [0, 0];
    let after: WebhookPosition | undefined;
    do {
      if (shutdown.closing) return err(closing);
      const piece = { ...filter, again, limit: forwardedAtOnce, maxBytes, ...(after && { after }) };
      const forwarded = await webhookInbox.forward(piece);
      if (forwarded.isErr()) return err(forwarded.error);
      matched += forwarded.value.matched;
      queued += forwarded.value.entered;
      after = forwarded.value.next;
    } while (after);
    return ok({ matched, queued });
  }

  return {
    list: ({ limit = defaultLimit, ...query }: WebhooksQuery = {}): ResultAsync<KeptWebhooks, Unavailable> =>
      webhookInbox.list({ ...query, limit, maxBytes }).map(({ webhooks, next }) => ({
        webhooks: webhooks.map((webhook) => ({ ...webhookFactsOf(webhook.body), ...webhook })),
        ...(next && { next }),
      })),
    forward: (query: ForwardWebhooksQuery = {}): ResultAsync<WebhooksForwarded, NoWebhookReceiver | Unavailable> =>
      webhookForwarding ? new ResultAsync(forwardAll(query)) : errAsync({ kind: "NoWebhookReceiver" }),
  };
}
