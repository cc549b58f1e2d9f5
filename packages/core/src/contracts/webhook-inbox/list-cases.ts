import { expect } from "vitest";

import type { WebhookPageQuery, WebhookPosition } from "../../ports/store/webhook-inbox.ts";
import type { ReceivedWebhook } from "../../ports/webhook-forwarding.ts";
import type { Case } from "../contract.ts";
import { exampleTime, exampleWebhook } from "../fixtures.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const webhookListCases: readonly Case<StoreSubject>[] = [
  {
    name: "The kept webhooks that match, the latest first; of one millisecond, in descending order of their ids",
    async run(subject) {
      const inOrder = [at(40), at(10, "3"), at(10, "2"), at(10, "1"), at(0), at(-20)];
      await keep(subject, inOrder.toReversed());
      const ids = idsOf(inOrder);
      expect(await listed(subject)).toEqual(ids);
      expect(await listed(subject, { since: timeOf(0) })).toEqual(ids.slice(0, 5));
      expect(await listed(subject, { until: timeOf(10) })).toEqual(ids.slice(4));
      expect(await listed(subject, { since: timeOf(10), until: timeOf(40) })).toEqual(ids.slice(1, 4));
      expect(await listed(subject, { since: timeOf(40), until: timeOf(-20) })).toEqual([]);
    },
  },
  {
    name: "Only webhooks of a phone number, if one is given",
    async run(subject) {
      const [first, second] = [at(20, "2", "109876543210987"), at(10, "1", "109876543210987")];
      await keep(subject, [at(30), second, at(15, "other", "209876543210987"), first]);
      expect(await listed(subject, { phoneNumberId: "109876543210987" })).toEqual([first.id, second.id]);
      expect(await listed(subject, { phoneNumberId: "109876543210987", until: timeOf(20) })).toEqual([second.id]);
      expect(await listed(subject, { phoneNumberId: "10987654321098" })).toEqual([]);
    },
  },
  {
    name: "Page after page, each webhook is listed once, whatever arrives meanwhile",
    async run(subject) {
      const webhooks = Array.from({ length: 12 }, (_, index) => at(Math.floor(index / 5), `${100 + index}`, "number"));
      await keep(subject, webhooks);
      for (const filter of [{}, { phoneNumberId: "number" }]) {
        const ids: string[] = [];
        let after: WebhookPosition | undefined;
        for (let page = 0; page < 20; page += 1) {
          const { webhooks: found, next } = await pageOf(subject, { ...filter, limit: 3, ...(after && { after }) });
          ids.push(...found.map(({ id }) => id));
          await keep(subject, [at(1000 + page, `later ${ids.length}`, "number")]);
          if (!next) break;
          after = next;
        }
        expect(ids.filter((id) => !id.startsWith("later")).toSorted()).toEqual(webhooks.map(({ id }) => id));
      }
    },
  },
  {
    name: "A page has up to `limit` webhooks, and fewer if they would be longer than `maxBytes` together, but at least one if any matches",
    async run(subject) {
      const page = async (query: Partial<WebhookPageQuery>) => {
        const { webhooks, next } = await pageOf(subject, query);
        return [idsOf(webhooks).join(""), next?.id];
      };
      expect(await page({ limit: 3 })).toEqual(["", undefined]);
      const long = { ...at(3, "4"), body: JSON.stringify("x".repeat(20_000)) };
      const third = at(2, "3");
      await keep(subject, [long, third, at(1, "2"), at(0, "1")]);
      expect(await page({ limit: 4 })).toEqual(["4321", undefined]);
      expect(await page({ limit: 3 })).toEqual(["432", "2"]);
      expect(await page({ limit: 4, maxBytes: 100 })).toEqual(["4", "4"]);
      expect(await page({ limit: 4, maxBytes: 15_000, after: long })).toEqual(["321", undefined]);
      expect(await page({ limit: 2, maxBytes: 15_000, after: third })).toEqual(["21", undefined]);
    },
  },
];

function at(ms: number, id?: string, phoneNumberId?: string): ReceivedWebhook {
  return exampleWebhook({
    receivedAt: timeOf(ms),
    ...(id !== undefined && { id }),
    ...(phoneNumberId !== undefined && { phoneNumberId }),
  });
}

function timeOf(ms: number): Date {
  return new Date(exampleTime.getTime() + ms);
}

async function keep({ webhookInbox }: StoreSubject, webhooks: readonly ReceivedWebhook[]): Promise<void> {
  succeeds(await webhookInbox.add(webhooks, false));
}

async function pageOf({ webhookInbox }: StoreSubject, query: Partial<WebhookPageQuery>) {
  return succeeds(await webhookInbox.list({ limit: 100, maxBytes: 2 ** 30, ...query }));
}

/** The ids of the webhooks. */
async function listed(subject: StoreSubject, query: Partial<WebhookPageQuery> = {}): Promise<readonly string[]> {
  return idsOf((await pageOf(subject, query)).webhooks);
}

function idsOf(webhooks: readonly ReceivedWebhook[]): readonly string[] {
  return webhooks.map(({ id }) => id);
}
