import { expect } from "vitest";

import { replayHistory } from "../../domain/message-changes.ts";
import type { Case } from "../contract.ts";
import { exampleEntries, exampleMessage, exampleOutcomes, withIntent, withOutcome } from "../fixtures.ts";
import { accept, claim, commit, leaseMs, messageIds, send, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const outboxClaimCases: readonly Case<StoreSubject>[] = [
  {
    name: "Returns each entry unchanged, with when it entered and how often it was claimed before",
    async run(subject) {
      const enqueuedAt = subject.clock.now();
      const entry = await send(subject);
      await subject.advance(60_000);
      const claimed = await claim(subject);
      expect(claimed).toEqual([{ id: expect.any(String), entry, enqueuedAt: expect.any(Date), earlierClaims: 0 }]);
      const offByMs = Math.abs((claimed[0]?.enqueuedAt.getTime() ?? 0) - enqueuedAt.getTime());
      expect(offByMs, "by how many milliseconds `enqueuedAt` is off").toBeLessThan(30_000);
      await subject.advance(leaseMs + 1);
      expect(await claim(subject)).toEqual([{ ...claimed[0], earlierClaims: 1 }]);
    },
  },
  {
    name: "An entry that is added while it waits already is there once",
    async run(subject) {
      const intended = withIntent(exampleMessage());
      const sent = withOutcome(intended, exampleOutcomes.Accepted);
      const again = replayHistory(sent, subject.clock.now(), true);
      await accept(subject, intended);
      await commit(subject, sent, exampleEntries(intended, sent));
      await commit(subject, again, exampleEntries(sent, again));
      const claimed = await claim(subject);
      expect(messageIds(claimed)).toEqual([sent.id]);
      await settle(subject, claimed, "delivered");
      await subject.advance(leaseMs + 1);
      expect(messageIds(await claim(subject))).toEqual([]);
    },
  },
  {
    name: "Claims up to `limit` entries of a topic that are due",
    async run(subject) {
      await fill(subject, 5);
      expect(await claim(subject, 2)).toHaveLength(2);
      expect(await claim(subject, 100)).toHaveLength(3);
    },
  },
  {
    name: "Concurrent claims get different entries",
    async run(subject) {
      const sent = await fill(subject, 30);
      const claims = await Promise.all(Array.from({ length: 20 }, () => claim(subject, 3)));
      expect(claims.flatMap(messageIds).toSorted()).toEqual(sent.toSorted());
    },
  },
  {
    name: "no other claim gets them meanwhile",
    async run(subject) {
      await fill(subject, 3);
      await claim(subject);
      subject.shiftWallClock(10 * leaseMs);
      await subject.advance(leaseMs - 1000);
      expect(await claim(subject)).toEqual([]);
    },
  },
  {
    name: "An entry that is not settled by the end of its lease is due again",
    async run(subject) {
      const sent = await fill(subject, 3);
      await claim(subject);
      subject.shiftWallClock(-10 * leaseMs);
      await subject.advance(leaseMs + 1);
      expect(messageIds(await claim(subject)).toSorted()).toEqual(sent.toSorted());
    },
  },
  {
    name: "Entries are due on time, however the wall clock is set meanwhile",
    async run(subject) {
      for (const [round, stepMs] of [600_000, -600_000, -1_200_000].entries()) {
        const { messageId } = await send(subject, { conversationId: `conversation-${round}` });
        subject.shiftWallClock(stepMs);
        const claimed = await claim(subject);
        expect(messageIds(claimed)).toEqual([messageId]);
        const enteredMs = claimed[0]?.enqueuedAt.getTime() ?? 0;
        const offByMs = Math.abs(subject.clock.now().getTime() - enteredMs);
        expect(offByMs, "by how many milliseconds `enqueuedAt` is off").toBeLessThan(30_000);
        await settle(subject, claimed, "delivered");
      }
    },
  },
  {
    name: "An entry is claimed only when no earlier one of its conversation is left",
    async run(subject) {
      const first = await send(subject);
      const second = await send(subject);
      expect(messageIds(await claim(subject))).toEqual([first.messageId]);
      expect(await claim(subject)).toEqual([]);
      await subject.advance(leaseMs + 1);
      const [again] = await claim(subject);
      expect(again?.entry.messageId).toBe(first.messageId);
      if (again) succeeds(await subject.outbox.settle([again.id], "delivered"));
      expect(messageIds(await claim(subject))).toEqual([second.messageId]);
    },
  },
  {
    name: "Conversations of the same name of two tenants are two conversations",
    async run(subject) {
      const sent = [await send(subject, { tenantId: "tenant-1" }), await send(subject, { tenantId: "tenant-2" })];
      expect(messageIds(await claim(subject)).toSorted()).toEqual(sent.map(({ messageId }) => messageId).toSorted());
    },
  },
];

/** One message in each of so many conversations. */
async function fill(subject: StoreSubject, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push((await send(subject, { conversationId: `conversation-${index}` })).messageId);
  }
  return ids;
}
