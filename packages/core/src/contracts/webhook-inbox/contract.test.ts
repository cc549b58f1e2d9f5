import type { ReceivedWebhook, WebhookInbox } from "../../ports/webhook-inbox.ts";
import { exampleTime } from "../fixtures.ts";
import { breaking, createCrowd, inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeSabotage } from "../sabotage.ts";
import { describeWebhookInboxContract, webhookInboxContract } from "./contract.ts";

const setup = inMemoryStore;
const broken = (change: (inbox: WebhookInbox) => Partial<WebhookInbox>) => breaking("webhookInbox", change);
const brokenLatest = (spoil: (webhook: ReceivedWebhook) => ReceivedWebhook) =>
  broken((inbox) => ({ latest: (limit) => inbox.latest(limit).map((webhooks) => webhooks.map(spoil)) }));

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
          const isNew = ({ receivedAt }: ReceivedWebhook) => receivedAt > exampleTime;
          const named = webhooks.map((each) => (isNew(each) ? { ...each, id: `${each.id} anew` } : each));
          return inbox.add(named, forward);
        },
        latest: (limit) =>
          inbox.latest(limit).map((webhooks) => webhooks.map((each) => ({ ...each, id: each.id.split(" ")[0] ?? "" }))),
      })),
    ],
    "to the last code point and millisecond": [
      brokenLatest((webhook) => ({ ...webhook, body: webhook.body.normalize() })),
      brokenLatest((webhook) => ({ ...webhook, body: webhook.body.replaceAll("\\u0000", "") })),
      brokenLatest((webhook) => ({ ...webhook, body: webhook.body && JSON.stringify(JSON.parse(webhook.body)) })),
      brokenLatest((webhook) => ({ ...webhook, body: webhook.body.slice(0, 2 ** 16) })),
      brokenLatest((webhook) => ({ ...webhook, receivedAt: new Date(webhook.receivedAt.toUTCString()) })),
    ],
    "With `forward` each new one also enters the outbox in the same commit, to be forwarded": [
      broken((inbox) => ({ add: (webhooks) => inbox.add(webhooks, false) })),
      broken((inbox) => ({ add: (webhooks) => inbox.add(webhooks, true) })),
      broken((inbox) => ({ add: (webhooks, forward) => inbox.add(webhooks.slice(0, forward ? 2 : 100), forward) })),
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
    "Up to `limit` of the latest webhooks, the latest first": [
      broken((inbox) => ({ latest: (limit) => inbox.latest(limit + 1) })),
      broken((inbox) => {
        const order: string[] = [];
        return {
          add(webhooks, forward) {
            order.push(...webhooks.map(({ id }) => id));
            return inbox.add(webhooks, forward);
          },
          latest: (limit) =>
            inbox
              .latest(100)
              .map((webhooks) =>
                webhooks.every(({ body }) => body.length === 20)
                  ? webhooks.toSorted((a, b) => order.indexOf(b.id) - order.indexOf(a.id)).slice(0, limit)
                  : webhooks,
              ),
        };
      }),
    ],
  },
});
