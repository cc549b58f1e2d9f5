import { expect } from "vitest";

import type { Topic } from "../../ports/outbox.ts";
import type { ReceivedWebhook } from "../../ports/webhook-inbox.ts";
import type { Case } from "../contract.ts";
import { exampleWebhook } from "../fixtures.ts";
import { claim, claimWebhooks, later, messageIds, send, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const outboxTopicCases: readonly Case<StoreSubject>[] = [
  {
    name: "by topic: the history, and the receiver of forwarded webhooks",
    async run(subject) {
      const { messageId } = await send(subject);
      const [webhook] = await forward(subject, 1);
      expect((await claimWebhooks(subject)).map(({ entry }) => entry)).toEqual([webhook]);
      expect(messageIds(await claim(subject))).toEqual([messageId]);
    },
  },
  {
    name: "Webhooks do not wait for each other",
    async run(subject) {
      const webhooks = await forward(subject, 3);
      const claimed = await claimWebhooks(subject);
      expect(claimed.map(({ entry }) => entry.id).toSorted()).toEqual(webhooks.map(({ id }) => id).toSorted());
      await settle(subject, claimed, { retryAt: later(subject.clock, hourMs) });
      const [another] = await forward(subject, 1);
      expect((await claimWebhooks(subject)).map(({ entry }) => entry)).toEqual([another]);
    },
  },
  {
    name: "Puts the dead entries of a topic at the end of their queues",
    async run(subject) {
      const [first, second, third] = [await send(subject), await send(subject), await send(subject)];
      await settle(subject, await claim(subject), "dead");
      await revive(subject, "history");
      for (const { messageId } of [second, third, first]) {
        const claimed = await claim(subject);
        expect(messageIds(claimed)).toEqual([messageId]);
        await settle(subject, claimed, "delivered");
      }
      expect(await claim(subject)).toEqual([]);
    },
  },
  {
    name: "as if they had entered now",
    async run(subject) {
      const [webhook] = await forward(subject, 1);
      await settle(subject, await claimWebhooks(subject), "dead");
      await subject.advance(hourMs);
      await revive(subject, "webhook");
      const [claimed] = await claimWebhooks(subject);
      expect(claimed).toMatchObject({ entry: webhook, earlierClaims: 0 });
      const offByMs = Math.abs((claimed?.enqueuedAt.getTime() ?? 0) - subject.clock.now().getTime());
      expect(offByMs, "by how many milliseconds `enqueuedAt` is off").toBeLessThan(30_000);
    },
  },
  {
    name: "returns how many those were",
    async run(subject) {
      await forward(subject, 1);
      await settle(subject, await claimWebhooks(subject), "dead");
      for (const conversationId of ["conversation-1", "conversation-2"]) await send(subject, { conversationId });
      await settle(subject, await claim(subject), "dead");
      await send(subject);
      await settle(subject, await claim(subject), "delivered");
      await send(subject);
      expect([await revive(subject, "history"), await revive(subject, "history")]).toEqual([2, 0]);
      expect([await revive(subject, "webhook"), await revive(subject, "webhook")]).toEqual([1, 0]);
    },
  },
];

const hourMs = 3_600_000;

async function forward({ webhookInbox }: StoreSubject, count: number): Promise<readonly ReceivedWebhook[]> {
  const webhooks = Array.from({ length: count }, () => exampleWebhook());
  succeeds(await webhookInbox.add(webhooks, true));
  return webhooks;
}

async function revive({ outbox }: StoreSubject, topic: Topic): Promise<number> {
  return succeeds(await outbox.revive(topic));
}
