import { expect } from "vitest";

import type { ReceivedWebhook } from "../../ports/webhook-forwarding.ts";
import type { Case } from "../contract.ts";
import { exampleTime, exampleWebhook, oddText } from "../fixtures.ts";
import { claimWebhooks, keptWebhooks, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const webhookInboxCases: readonly Case<StoreSubject>[] = [
  {
    name: "Keeps webhooks, each id once",
    async run(subject) {
      const [first, second] = [exampleWebhook(), exampleWebhook({ id: "__proto__" })];
      const again = { ...first, receivedAt: new Date(first.receivedAt.getTime() + 1) };
      await add(subject, []);
      await Promise.all(Array.from({ length: 20 }, () => add(subject, [first, second])));
      await add(subject, [second, again, again]);
      expect(idsOf(await keptWebhooks(subject)).toSorted()).toEqual(idsOf([first, second]).toSorted());
    },
  },
  {
    name: "to the last code point and millisecond",
    async run(subject) {
      const webhooks = oddBodies.map((body, index) => exampleWebhook({ receivedAt: timeOf(-index), body }));
      await add(subject, webhooks);
      expect(await keptWebhooks(subject)).toEqual(webhooks);
    },
  },
  {
    name: "With `forward` each new one also enters the outbox in the same commit, to be forwarded",
    async run(subject) {
      const [quiet, first, second] = [exampleWebhook(), exampleWebhook(), exampleWebhook({ body: oddBodies[0] })];
      await add(subject, [quiet]);
      await Promise.all(Array.from({ length: 20 }, () => add(subject, [quiet, first, second], true)));
      const claimed = await claimWebhooks(subject);
      expect(byId(claimed.map(({ entry }) => entry))).toEqual(byId([first, second]));
      await settle(subject, claimed, "delivered");
      await add(subject, [second, first], true);
      expect(await claimWebhooks(subject)).toEqual([]);
    },
  },
];

/** JSON that parsing and serializing would change. */
const oddBodies: readonly [string, ...string[]] = [
  JSON.stringify({ text: `${oddText} \u0000 \uD800` }),
  ` {"n" : 1.0, "n":1e2,\t"big": 12345678901234567890, "u": "\\u00e9\\/"}\r\n`,
  JSON.stringify("👍🏽".repeat(100_000)),
  "",
];

async function add(
  { webhookInbox }: StoreSubject,
  webhooks: readonly ReceivedWebhook[],
  forward = false,
): Promise<void> {
  succeeds(await webhookInbox.add(webhooks, forward));
}

function timeOf(ms: number): Date {
  return new Date(exampleTime.getTime() + ms);
}

function idsOf(webhooks: readonly ReceivedWebhook[]): string[] {
  return webhooks.map(({ id }) => id);
}

function byId(webhooks: readonly ReceivedWebhook[]): readonly ReceivedWebhook[] {
  return webhooks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
