import { expect } from "vitest";

import type { Topic } from "../../ports/store/outbox.ts";
import type { ReceivedWebhook } from "../../ports/webhook-forwarding.ts";
import type { Case } from "../contract.ts";
import {
  exampleEntries,
  exampleEvents,
  exampleMessage,
  exampleOutcomes,
  exampleWebhook,
  withIntent,
  withOutcome,
} from "../fixtures.ts";
import { accept, claim, claimEvents, claimWebhooks, commit, later, messageIds, send, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const outboxTopicCases: readonly Case<StoreSubject>[] = [
  {
    name: "by topic: the history, the receiver of forwarded webhooks, and the receivers of status events",
    async run(subject) {
      const { messageId } = await send(subject);
      const message = exampleMessage({ conversationId: "conversation-1" });
      await accept(subject, message, exampleEvents(undefined, message));
      const [webhook] = await forward(subject, 1);
      expect((await claimWebhooks(subject)).map(({ entry }) => entry)).toEqual([webhook]);
      expect((await claimEvents(subject)).map(({ entry }) => entry.messageId)).toEqual([message.id]);
      expect(messageIds(await claim(subject))).toEqual([messageId]);
    },
  },
  {
    name: "A status event is claimed only when no earlier one of its message is left",
    async run(subject) {
      const first = withIntent(exampleMessage({ conversationId: "conversation-1" }));
      // A conversation may have the name of a message.
      const second = withIntent(exampleMessage({ conversationId: first.id }));
      for (const message of [first, second]) await accept(subject, message, exampleEvents(undefined, message));
      const sent = withOutcome(first, exampleOutcomes.Accepted);
      await commit(subject, sent, [...exampleEntries(first, sent), ...exampleEvents(first, sent)]);
      expect(messageIds(await claim(subject))).toEqual([first.id]);
      const claimed: string[][] = [];
      for (let round = 0; round < 3; round += 1) {
        const events = await claimEvents(subject);
        claimed.push(
          events.map(({ entry }) => `${entry.messageId === first.id ? "first" : "second"} ${entry.version}`),
        );
        await settle(subject, events.slice(0, 1), round === 0 ? "delivered" : "dead");
        await settle(subject, events.slice(1), { retryAt: later(subject.clock, hourMs) });
      }
      expect(claimed.map((events) => events.toSorted())).toEqual([["first 1", "second 1"], ["first 2"], ["first 3"]]);
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
  {
    name: "Forgets the dead entries of a topic, which can then not be revived; returns how many it forgot. Those that wait stay",
    async run(subject) {
      for (const _ of [1, 2]) await send(subject);
      await settle(subject, await claim(subject), "dead");
      const discard = async (topic: Topic) => succeeds(await subject.outbox.discard(topic));
      expect([await discard("webhook"), await discard("history"), await discard("history")]).toEqual([0, 1, 0]);
      const { history } = succeeds(await subject.backlog.measure(9)).outbox;
      expect(history).toMatchObject({ waiting: { count: 1 }, dead: 0 });
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
