import { okAsync } from "neverthrow";

import type {
  WebhookFilter,
  WebhookInbox,
  WebhookPageQuery,
  WebhookPosition,
} from "../../ports/store/webhook-inbox.ts";
import type { ReceivedWebhook } from "../../ports/webhook-forwarding.ts";
import type { InMemoryOutbox } from "./outbox.ts";

/** An inbox with its retention. */
export interface InMemoryInbox extends WebhookInbox {
  /** Forgets up to `limit` that were received before a time. Returns how many there were. */
  forget(before: Date, limit: number): number;
  /** Forgets those with such a body. Returns their ids. */
  erase(matches: (body: string) => boolean): readonly string[];
}

interface Kept {
  readonly webhook: ReceivedWebhook;
  hasEntered: boolean;
}

export function createInMemoryWebhookInbox(
  outbox: Pick<InMemoryOutbox, "enterWebhook" | "webhookState">,
): InMemoryInbox {
  const kept = new Map<string, Kept>();

  function pageOf(query: WebhookPageQuery, direction: 1 | -1) {
    const { after, limit, maxBytes, ...filter } = query;
    const found = [...kept.values()]
      .filter(({ webhook }) => matches(webhook, filter) && (!after || inOrder(webhook, after) * direction > 0))
      .toSorted((a, b) => inOrder(a.webhook, b.webhook) * direction);
    const page = fitting(found.slice(0, limit), maxBytes);
    const last = page.at(-1)?.webhook;
    const hasMore = last && page.length < found.length;
    return { page, next: hasMore ? { next: { receivedAt: last.receivedAt, id: last.id } } : {} };
  }

  function mayEnter({ webhook, hasEntered }: Kept, again: boolean): boolean {
    const state = outbox.webhookState(webhook.id);
    return state === undefined ? again || !hasEntered : state === "dead";
  }

  return {
    add(webhooks, forward) {
      for (const webhook of webhooks) {
        if (kept.has(webhook.id)) continue;
        kept.set(webhook.id, { webhook, hasEntered: forward });
        if (forward) outbox.enterWebhook(webhook);
      }
      return okAsync(undefined);
    },
    list(query) {
      const { page, next } = pageOf(query, -1);
      return okAsync({ webhooks: page.map(({ webhook }) => webhook), ...next });
    },
    forward({ again, ...query }) {
      const { page, next } = pageOf(query, 1);
      const entering = page.filter((each) => mayEnter(each, again));
      for (const each of entering) {
        outbox.enterWebhook(each.webhook);
        each.hasEntered = true;
      }
      return okAsync({ matched: page.length, entered: entering.length, ...next });
    },
    forget(before, limit) {
      const old = [...kept.values()]
        .filter(({ webhook }) => webhook.receivedAt < before)
        .toSorted((a, b) => inOrder(a.webhook, b.webhook))
        .slice(0, limit);
      for (const { webhook } of old) kept.delete(webhook.id);
      return old.length;
    },
    erase(isErased) {
      const gone = [...kept.values()].filter(({ webhook }) => isErased(webhook.body)).map(({ webhook }) => webhook.id);
      for (const id of gone) kept.delete(id);
      return gone;
    },
  };
}

function matches({ phoneNumberId, receivedAt }: ReceivedWebhook, filter: WebhookFilter): boolean {
  const { since, until } = filter;
  return (
    (filter.phoneNumberId === undefined || filter.phoneNumberId === phoneNumberId) &&
    (!since || receivedAt >= since) &&
    (!until || receivedAt < until)
  );
}

/** Ids are compared by their UTF-16 units. */
function inOrder(a: WebhookPosition, b: WebhookPosition): number {
  const apart = a.receivedAt.getTime() - b.receivedAt.getTime();
  return apart === 0 ? (a.id < b.id ? -1 : a.id > b.id ? 1 : 0) : apart;
}

/** The first ones, as many as fit. A UTF-16 unit counts as up to three bytes. */
function fitting(found: readonly Kept[], maxBytes: number): readonly Kept[] {
  let bytes = 0;
  const end = found.findIndex(({ webhook }, index) => (bytes += webhook.body.length * 3) > maxBytes && index > 0);
  return end < 0 ? found : found.slice(0, end);
}
