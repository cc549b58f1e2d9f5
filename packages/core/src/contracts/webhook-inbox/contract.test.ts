import type {
  WebhookForwardQuery,
  WebhookInbox,
  WebhookPage,
  WebhookPageQuery,
} from "../../ports/store/webhook-inbox.ts";
import type { ReceivedWebhook } from "../../ports/webhook-forwarding.ts";
import { exampleTime } from "../fixtures.ts";
import { breaking, createCrowd, inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeSabotage } from "../sabotage.ts";
import { describeWebhookInboxContract, webhookInboxContract } from "./contract.ts";

const setup = inMemoryStore;
const broken = (change: (inbox: WebhookInbox) => Partial<WebhookInbox>) => breaking("webhookInbox", change);
/** Only for webhooks of no phone number, so that the cases of `forward` still have what they need. */
const brokenAdd = (spoil: (...args: Parameters<WebhookInbox["add"]>) => Parameters<WebhookInbox["add"]>) =>
  broken((inbox) => ({
    add: (webhooks, forward) =>
      webhooks.some(({ phoneNumberId }) => phoneNumberId !== undefined)
        ? inbox.add(webhooks, forward)
        : inbox.add(...spoil(webhooks, forward)),
  }));
const brokenPage = (spoil: (page: WebhookPage, query: WebhookPageQuery) => WebhookPage) =>
  broken((inbox) => ({ list: (query) => inbox.list(query).map((page) => spoil(page, query)) }));
const brokenEach = (spoil: (webhook: ReceivedWebhook) => ReceivedWebhook) =>
  brokenPage((page) => ({ ...page, webhooks: page.webhooks.map(spoil) }));
const brokenQuery = (spoil: (query: WebhookPageQuery) => WebhookPageQuery) =>
  broken((inbox) => ({ list: (query) => inbox.list(spoil(query)) }));
const brokenForward = (spoil: (query: WebhookForwardQuery) => WebhookForwardQuery) =>
  broken((inbox) => ({ forward: (query) => inbox.forward(spoil(query)) }));
const later = (at: Date | undefined, ms: number) => at && new Date(at.getTime() + ms);

describeWebhookInboxContract({ name: "in-memory store", setup });

describeSabotage(webhookInboxContract, {
  setup,
  sabotages: {
    "Keeps webhooks, each id once": [
      broken((inbox) => {
        let copies = 0;
        const isCrowded = createCrowd();
        return {
          add(webhooks, forward) {
            const name = webhooks.map(({ id }) => id).join(" ");
            const isCopy = !forward && webhooks.length > 0 && isCrowded(name);
            const kept = isCopy ? webhooks.map((each) => ({ ...each, id: `${each.id} ${(copies += 1)}` })) : webhooks;
            return inbox.add(kept, forward);
          },
        };
      }),
      broken((inbox) => ({
        add(webhooks, forward) {
          const isNew = ({ id, receivedAt }: ReceivedWebhook) =>
            id.startsWith("webhook") && +receivedAt === +exampleTime + 1;
          const named = webhooks.map((each) => (isNew(each) ? { ...each, id: `${each.id} anew` } : each));
          return inbox.add(named, forward);
        },
        list: (query) =>
          inbox.list(query).map((page) => ({
            ...page,
            webhooks: page.webhooks.map((each) => ({ ...each, id: each.id.split(" anew")[0] ?? "" })),
          })),
      })),
    ],
    "to the last code point and millisecond": [
      brokenEach((webhook) => ({ ...webhook, body: webhook.body.normalize() })),
      brokenEach((webhook) => ({ ...webhook, body: webhook.body.replaceAll("\\u0000", "") })),
      brokenEach((webhook) => ({ ...webhook, body: webhook.body && JSON.stringify(JSON.parse(webhook.body)) })),
      brokenEach((webhook) => ({ ...webhook, body: webhook.body.slice(0, 2 ** 16) })),
      brokenEach((webhook) => ({ ...webhook, receivedAt: new Date(webhook.receivedAt.toUTCString()) })),
    ],
    "With `forward` each new one also enters the outbox in the same commit, to be forwarded": [
      brokenAdd((webhooks) => [webhooks, false]),
      brokenAdd((webhooks) => [webhooks, true]),
      brokenAdd((webhooks, forward) => [webhooks.slice(0, forward ? 2 : 100), forward]),
      (subject) => {
        const again: ReceivedWebhook[] = [];
        const { webhookInbox, outbox } = subject;
        return {
          ...subject,
          webhookInbox: {
            ...webhookInbox,
            add(webhooks, forward) {
              if (forward && webhooks.length === 2) again.push(...webhooks);
              return webhookInbox.add(webhooks, forward);
            },
          },
          outbox: {
            ...outbox,
            claim: (topic, options) =>
              outbox
                .claim(topic, options)
                .map((claimed) => [
                  ...claimed,
                  ...again.map(
                    (entry) => ({ id: entry.id, entry, enqueuedAt: entry.receivedAt, earlierClaims: 0 }) as never,
                  ),
                ]),
          },
        };
      },
    ],
    "The kept webhooks that match, the latest first; of one millisecond, in descending order of their ids": [
      brokenPage((page) => ({
        ...page,
        webhooks: page.webhooks.toSorted((a, b) => +b.receivedAt - +a.receivedAt || (a.id < b.id ? -1 : 1)),
      })),
      brokenQuery(({ since: _, ...query }) => query),
      brokenQuery(
        ({ until, ...query }) =>
          ({ ...query, ...(until && { until: query.phoneNumberId ? until : later(until, 1) }) }) as WebhookPageQuery,
      ),
    ],
    "Only webhooks of a phone number, if one is given": brokenQuery(({ phoneNumberId: _, ...query }) => query),
    "Page after page, each webhook is listed once, whatever arrives meanwhile": brokenQuery(({ after, ...query }) => ({
      ...query,
      ...(after && { after: { ...after, id: "" } }),
    })),
    "A page has up to `limit` webhooks, and fewer if they would be longer than `maxBytes` together, but at least one if any matches":
      [
        brokenQuery((query) => ({ ...query, limit: query.limit + 1 })),
        brokenQuery((query) => ({ ...query, maxBytes: 2 ** 30 })),
        brokenPage((page, { maxBytes }) => ((page.webhooks[0]?.body.length ?? 0) > maxBytes ? { webhooks: [] } : page)),
        brokenPage(({ webhooks, ...page }, { phoneNumberId, limit }) => ({
          webhooks,
          ...(phoneNumberId === undefined && limit === 4 ? {} : page),
        })),
      ],
    "Lets the webhooks of a page enter the outbox that never did": brokenForward((query) => ({
      ...query,
      again: true,
    })),
    "and those that are dead there": (subject) => ({
      ...subject,
      outbox: {
        ...subject.outbox,
        settle: (ids, as) =>
          subject.outbox.settle(ids, as === "dead" ? { retryAt: new Date(exampleTime.getTime() + 1e9) } : as),
      },
    }),
    "With `again` those that were delivered enter too": brokenForward((query) => ({ ...query, again: false })),
    "One that is waiting there does not enter a second time": (subject) => {
      let calls = 0;
      const { webhookInbox, outbox } = subject;
      return {
        ...subject,
        webhookInbox: {
          ...webhookInbox,
          forward(query) {
            calls += 1;
            return webhookInbox.forward(query);
          },
        },
        outbox: {
          ...outbox,
          claim: (topic, options) =>
            outbox.claim(topic, options).map((claimed) => (calls < 20 ? claimed : [...claimed, ...claimed])),
        },
      };
    },
    "The pages are in the opposite order of `list`": [
      brokenForward(({ after: _, ...query }) => query),
      brokenForward(({ since: _, ...query }) => query),
      brokenForward(({ until: _, ...query }) => query),
      brokenForward(({ phoneNumberId: _, ...query }) => query),
    ],
  },
});
