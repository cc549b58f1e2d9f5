import { expect } from "vitest";

import type { WebhookForwardQuery, WebhooksEntered } from "../../ports/store/webhook-inbox.ts";
import type { ReceivedWebhook } from "../../ports/webhook-forwarding.ts";
import type { Case } from "../contract.ts";
import { exampleTime, exampleWebhook } from "../fixtures.ts";
import { claimWebhooks, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const webhookForwardCases: readonly Case<StoreSubject>[] = [
  {
    name: "Lets the webhooks of a page enter the outbox that never did",
    async run(subject) {
      const [kept, sent] = [example(), example()];
      await add(subject, [kept], false);
      await add(subject, [sent], true);
      await settle(subject, await claimWebhooks(subject), "delivered");
      expect(await forward(subject)).toEqual({ matched: 2, entered: 1 });
      const claimed = await claimWebhooks(subject);
      expect(claimed.map(({ entry }) => entry)).toEqual([kept]);
      await settle(subject, claimed, "delivered");
      expect(await forward(subject)).toEqual({ matched: 2, entered: 0 });
      expect(await claimWebhooks(subject)).toEqual([]);
    },
  },
  {
    name: "and those that are dead there",
    async run(subject) {
      const webhook = example();
      await add(subject, [webhook], true);
      await settle(subject, await claimWebhooks(subject), "dead");
      expect(await forward(subject)).toEqual({ matched: 1, entered: 1 });
      const claimed = await claimWebhooks(subject);
      expect(claimed).toMatchObject([{ entry: webhook, earlierClaims: 0 }]);
      await settle(subject, claimed, "delivered");
      expect(succeeds(await subject.outbox.revive("webhook"))).toBe(0);
    },
  },
  {
    name: "With `again` those that were delivered enter too",
    async run(subject) {
      const [sent, kept] = [example(), example()];
      await add(subject, [sent], true);
      await settle(subject, await claimWebhooks(subject), "delivered");
      await add(subject, [kept], false);
      expect(await forward(subject, { again: true })).toEqual({ matched: 2, entered: 2 });
      expect((await claimWebhooks(subject)).map(({ entry }) => entry.id).toSorted()).toEqual(
        [sent.id, kept.id].toSorted(),
      );
    },
  },
  {
    name: "One that is waiting there does not enter a second time",
    async run(subject) {
      const [waiting, kept] = [example(), example()];
      await add(subject, [waiting], true);
      await add(subject, [kept], false);
      await Promise.all(Array.from({ length: 20 }, () => forward(subject)));
      const claimed = await claimWebhooks(subject);
      expect(claimed).toHaveLength(2);
      expect(await forward(subject, { again: true })).toEqual({ matched: 2, entered: 0 });
      await settle(subject, claimed, "delivered");
      expect(await claimWebhooks(subject)).toEqual([]);
    },
  },
  {
    name: "The pages are in the opposite order of `list`",
    async run(subject) {
      const webhooks = [-20, 0, 0, 10, 30].map((ms, index) =>
        exampleWebhook({ id: `${index}`, receivedAt: new Date(exampleTime.getTime() + ms), phoneNumberId: "number" }),
      );
      await add(subject, [...webhooks].reverse(), false);
      await add(subject, [exampleWebhook({ phoneNumberId: "other" })], false);
      const [, second, third, fourth] = webhooks as [
        ReceivedWebhook,
        ReceivedWebhook,
        ReceivedWebhook,
        ReceivedWebhook,
      ];
      const filter = { phoneNumberId: "number", until: new Date(exampleTime.getTime() + 30) };
      const first = await forward(subject, { ...filter, limit: 2 });
      expect(first).toEqual({ matched: 2, entered: 2, next: { id: second.id, receivedAt: second.receivedAt } });
      expect(await claimedIds(subject)).toEqual(["0", "1"]);
      const next = await forward(subject, {
        ...filter,
        limit: 4,
        maxBytes: 1,
        ...(first.next && { after: first.next }),
      });
      expect(next).toEqual({ matched: 1, entered: 1, next: { id: third.id, receivedAt: third.receivedAt } });
      const last = await forward(subject, { ...filter, ...(next.next && { after: next.next }) });
      expect(last).toEqual({ matched: 1, entered: 1 });
      expect(await claimedIds(subject)).toEqual([third.id, fourth.id]);
      expect(await forward(subject, { ...filter, since: fourth.receivedAt })).toEqual({ matched: 1, entered: 0 });
    },
  },
];

function example(): ReceivedWebhook {
  return exampleWebhook({ phoneNumberId: "number" });
}

async function add({ webhookInbox }: StoreSubject, webhooks: readonly ReceivedWebhook[], forwards: boolean) {
  succeeds(await webhookInbox.add(webhooks, forwards));
}

async function forward(
  { webhookInbox }: StoreSubject,
  query: Partial<WebhookForwardQuery> = {},
): Promise<WebhooksEntered> {
  return succeeds(await webhookInbox.forward({ limit: 100, maxBytes: 2 ** 30, again: false, ...query }));
}

async function claimedIds(subject: StoreSubject): Promise<readonly string[]> {
  return (await claimWebhooks(subject)).map(({ entry }) => entry.id).toSorted();
}
