import { expect } from "vitest";

import type { MessageTopic, UndeliveredEntry } from "../../ports/store/outbox.ts";
import type { Case } from "../contract.ts";
import {
  exampleEntries,
  exampleEvents,
  exampleMessage,
  exampleOutcomes,
  withIntent,
  withOutcome,
} from "../fixtures.ts";
import { succeeds } from "../results.ts";
import { accept, claim, claimEvents, commit, later, leaseMs, messageIds, send, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const outboxUndeliveredCases: readonly Case<StoreSubject>[] = [
  {
    name: "An entry that was not delivered keeps `why`",
    async run(subject) {
      const [first, second] = [await send(subject), await send(subject, { conversationId: "conversation-2" })];
      const [one, other] = await claim(subject);
      succeeds(await subject.outbox.settle([one?.id ?? ""], { retryAt: later(subject.clock, hourMs) }, "no answer"));
      succeeds(await subject.outbox.settle([other?.id ?? ""], "dead", `refused: "400"`));
      const left = await Promise.all([first, second].map(({ messageId }) => undelivered(subject, messageId)));
      const dead = succeeds(await subject.outbox.listDead("history", { limit: 9 }));
      expect([...left.flat(), ...dead].map(({ state, why }) => `${state}: ${why}`)).toEqual(
        expect.arrayContaining(["waiting: no answer", `dead: refused: "400"`]),
      );
    },
  },
  {
    name: "The entries of a message that are not delivered, those of the history first, each topic by version",
    async run(subject) {
      await send(subject);
      const intended = withIntent(exampleMessage());
      const sent = withOutcome(intended, exampleOutcomes.Accepted);
      const events = exampleEvents(undefined, intended);
      await accept(subject, intended, events);
      await commit(subject, sent, [...exampleEvents(intended, sent), ...exampleEntries(intended, sent)]);
      // The first event dies, and is behind the others in the order in which they entered.
      await settle(subject, await claimEvents(subject), "dead");
      const told = (await undelivered(subject, sent.id)).map(({ topic, messageId, version }) => [
        topic,
        messageId,
        version,
      ]);
      expect(told).toEqual([
        ["history", sent.id, sent.version],
        ...[1, 2, 3].map((version) => ["status", sent.id, version]),
      ]);
      await settle(subject, await claim(subject), "delivered");
      await settle(subject, await claim(subject), "delivered");
      expect((await undelivered(subject, sent.id)).map(({ topic }) => topic)).toEqual(["status", "status", "status"]);
      expect(await undelivered(subject, "no-such-message")).toEqual([]);
    },
  },
  {
    name: "how often it was claimed, and when it may be claimed next",
    async run(subject) {
      const { messageId } = await send(subject);
      const behind = await send(subject);
      const dueInMs = async () =>
        ((await undelivered(subject, messageId))[0]?.dueAt?.getTime() ?? 0) - subject.clock.now().getTime();
      /** Claims it again when it is due by its own facts, and not before. */
      const claimWhenDue = async () => {
        await subject.advance((await dueInMs()) - 1000);
        expect(await claim(subject)).toEqual([]);
        await subject.advance(1001);
        return claim(subject);
      };
      expect(await stateOf(subject, messageId)).toEqual(["waiting", 0]);
      expect(await dueInMs()).toBeLessThan(15_000);
      const claimed = await claim(subject);
      expect(await stateOf(subject, messageId)).toEqual(["leased", 1]);
      expect(await undelivered(subject, behind.messageId)).toEqual([
        { ...behindFacts, messageId: behind.messageId, version: behind.version, enqueuedAt: expect.any(Date) },
      ]);
      await claimWhenDue();
      expect(await stateOf(subject, messageId)).toEqual(["leased", 2]);
      await settle(subject, claimed, { retryAt: later(subject.clock, hourMs) });
      expect((await stateOf(subject, messageId))[0]).toBe("waiting");
      await claimWhenDue();
      expect((await stateOf(subject, messageId))[0]).toBe("leased");
    },
  },
  {
    name: "With `messageId`, only those of this message",
    async run(subject) {
      const intended = withIntent(exampleMessage({ conversationId: "conversation-1" }));
      const sent = withOutcome(intended, exampleOutcomes.Accepted);
      await accept(subject, intended);
      await commit(subject, sent, [...exampleEntries(intended, sent), ...exampleEvents(intended, sent)]);
      await send(subject, { conversationId: "conversation-2" });
      await settle(subject, [...(await claim(subject)), ...(await claimEvents(subject))], "dead");
      const revive = async (topic: MessageTopic) => succeeds(await subject.outbox.revive(topic, sent.id));
      expect([await revive("history"), await revive("history")]).toEqual([1, 0]);
      expect(await claim(subject)).toMatchObject([{ entry: { messageId: sent.id }, earlierClaims: 0 }]);
      expect(await claimEvents(subject)).toEqual([]);
      expect(await revive("status")).toBe(1);
      expect(await claimEvents(subject)).toMatchObject([{ entry: { messageId: sent.id } }]);
    },
  },
  {
    name: "History entries of a message that wait for a retry are due now, and so are those that they wait for",
    async run(subject) {
      const [first, second] = [await send(subject), await send(subject)];
      const other = await send(subject, { conversationId: "conversation-2" });
      await settle(subject, await claim(subject), { retryAt: later(subject.clock, hourMs) });
      succeeds(await subject.outbox.hasten(second.messageId));
      const claimed = messageIds(await claim(subject));
      expect(claimed).toContain(first.messageId);
      expect(claimed).not.toContain(other.messageId);
    },
  },
  {
    name: "The claims of an entry count as before",
    async run(subject) {
      const { messageId } = await send(subject);
      for (const _ of [1, 2]) {
        await claim(subject);
        await subject.advance(leaseMs + 1);
      }
      await settle(subject, await claim(subject), { retryAt: later(subject.clock, hourMs) });
      const [, claims] = await stateOf(subject, messageId);
      succeeds(await subject.outbox.hasten(messageId));
      expect(await stateOf(subject, messageId)).toEqual(["waiting", claims]);
    },
  },
  {
    name: "One under a lease keeps its lease",
    async run(subject) {
      const { messageId } = await send(subject);
      await claim(subject);
      succeeds(await subject.outbox.hasten(messageId));
      expect(await claim(subject)).toEqual([]);
      await subject.advance(leaseMs + 1);
      expect(await claim(subject)).toHaveLength(1);
    },
  },
  {
    name: "Lists up to `limit` dead entries of a topic, in the order in which they entered",
    async run(subject) {
      const sent = [
        await send(subject),
        await send(subject, { conversationId: "conversation-2" }),
        await send(subject),
      ];
      const message = exampleMessage();
      await accept(subject, message, exampleEvents(undefined, message));
      await settle(subject, await claimEvents(subject), "dead");
      const firsts = await claim(subject);
      // In the opposite order.
      for (const each of firsts.toReversed()) await settle(subject, [each], "dead");
      expect(await deadOf(subject, 9)).toEqual(sent.slice(0, 2).map(({ messageId }) => messageId));
      await settle(subject, await claim(subject), "dead");
      expect(await deadOf(subject, 9)).toEqual(sent.map(({ messageId }) => messageId));
      expect(await deadOf(subject, 2)).toEqual(sent.slice(0, 2).map(({ messageId }) => messageId));
      const [event] = succeeds(await subject.outbox.listDead("status", { limit: 9 }));
      expect(event).toMatchObject({ topic: "status", messageId: message.id, version: 1, state: "dead", claims: 1 });
    },
  },
  {
    name: "Only those of a tenant, if one is given",
    async run(subject) {
      const sent = [
        await send(subject, { tenantId: "tenant-1" }),
        await send(subject, { tenantId: "tenant-2", conversationId: "conversation-2" }),
      ];
      await settle(subject, await claim(subject), "dead");
      const ids = sent.map(({ messageId }) => messageId);
      expect(await deadOf(subject, 9, "tenant-2")).toEqual(ids.slice(1));
      expect(await deadOf(subject, 1, "tenant-2")).toEqual(ids.slice(1));
      expect(await deadOf(subject, 9, "tenant-3")).toEqual([]);
    },
  },
];

const hourMs = 3_600_000;

async function undelivered({ outbox }: StoreSubject, messageId: string): Promise<readonly UndeliveredEntry[]> {
  return succeeds(await outbox.undelivered(messageId));
}

/** The state and the claims of a message's only entry. */
async function stateOf(subject: StoreSubject, messageId: string) {
  const [entry, ...others] = await undelivered(subject, messageId);
  expect(others).toEqual([]);
  return [entry?.state, entry?.claims];
}

/** Of one that waits for an earlier one. */
const behindFacts = { topic: "history", state: "waiting", claims: 0 } as const;

async function deadOf({ outbox }: StoreSubject, limit: number, tenantId?: string): Promise<readonly string[]> {
  const query = { limit, ...(tenantId !== undefined && { tenantId }) };
  return succeeds(await outbox.listDead("history", query)).map(({ messageId }) => messageId);
}
