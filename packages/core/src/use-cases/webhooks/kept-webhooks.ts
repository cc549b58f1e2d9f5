import { err, errAsync, ok, type Result, ResultAsync } from "neverthrow";

import { decodeCursor, encodeCursor, type Place } from "../../codecs/cursor.ts";
import { closing, type ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { WebhookForwarding } from "../../ports/webhook-forwarding.ts";
import type { WebhookFilter, WebhookInbox, WebhookPosition } from "../../ports/store/webhook-inbox.ts";
import type { ReceivedWebhook } from "../../ports/webhook-forwarding.ts";
import { type InvalidQuery, notItsCursor } from "../list/check-query.ts";
import { defaultPage } from "../list/page-size.ts";
import {
  type ForwardWebhooksQuery,
  problemsOfForward,
  problemsOfWebhooks,
  type WebhooksQuery,
} from "./webhooks-query.ts";
import { type WebhookFacts, webhookFactsOf } from "./webhook-facts.ts";

/** A kept webhook, with what it is about. */
export interface KeptWebhook extends ReceivedWebhook, WebhookFacts {}

/** A page of kept webhooks, the latest first. */
export interface KeptWebhooks {
  /** There may be fewer than `limit` although there is a next page: the texts of a page have up to a mebibyte together. */
  readonly webhooks: readonly KeptWebhook[];
  /** Where the next page begins. Absent on the last one. */
  readonly nextCursor?: string;
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

const maxBytes = 1024 * 1024;
/** A commit of more would make sends wait. */
const forwardedAtOnce = 100;

/** What was kept of WhatsApp's webhooks: to read, and to forward later. */
export function createKeptWebhooks({ webhookInbox, webhookForwarding, shutdown }: KeptWebhooksParts) {
  async function forwardAll(filter: WebhookFilter, again: boolean): Promise<Result<WebhooksForwarded, Unavailable>> {
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

  function list(query: WebhooksQuery = {}): ResultAsync<KeptWebhooks, InvalidQuery | Unavailable> {
    const problems = problemsOfWebhooks(query);
    if (problems.length > 0) return errAsync({ kind: "InvalidQuery", problems });
    const { cursor, limit = defaultPage } = query;
    const filter = filterOf(query);
    const name = `webhooks ${JSON.stringify(filter)}`;
    const after = cursor === undefined ? undefined : positionAt(decodeCursor(name, cursor));
    if (cursor !== undefined && !after) return errAsync(notItsCursor);
    return webhookInbox.list({ ...filter, limit, maxBytes, ...(after && { after }) }).map(({ webhooks, next }) => ({
      webhooks: webhooks.map((webhook) => ({ ...webhookFactsOf(webhook.body), ...webhook })),
      ...(next && { nextCursor: encodeCursor(name, { at: next.receivedAt, key: next.id }) }),
    }));
  }

  function forward(
    query: ForwardWebhooksQuery = {},
  ): ResultAsync<WebhooksForwarded, NoWebhookReceiver | InvalidQuery | Unavailable> {
    const problems = problemsOfForward(query);
    if (problems.length > 0) return errAsync({ kind: "InvalidQuery", problems });
    if (!webhookForwarding) return errAsync({ kind: "NoWebhookReceiver" });
    return new ResultAsync(forwardAll(filterOf(query), query.again ?? false));
  }

  return { list, forward };
}

/** Undefined if no store has such a position: a cursor may be made up, and no text of PostgreSQL has a NUL. */
function positionAt(place: Place | undefined): WebhookPosition | undefined {
  return place && !place.key.includes("\0") ? { receivedAt: place.at, id: place.key } : undefined;
}

/** The filters in a fixed order. */
function filterOf({ phoneNumberId, since, until }: WebhookFilter): WebhookFilter {
  return {
    ...(phoneNumberId !== undefined && { phoneNumberId }),
    ...(since && { since }),
    ...(until && { until }),
  };
}
