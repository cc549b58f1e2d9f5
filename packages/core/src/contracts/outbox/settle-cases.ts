import { expect } from "vitest";

import type { OutboxSettlement } from "../../ports/store/outbox.ts";
import type { Case } from "../contract.ts";
import { exampleEvents, exampleMessage } from "../fixtures.ts";
import { accept, claim, claimEvents, later, leaseMs, messageIds, send, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const outboxSettleCases: readonly Case<StoreSubject>[] = [
  {
    name: "A delivered entry is gone",
    async run(subject) {
      const [first, second] = [await send(subject), await send(subject)];
      await settle(subject, await claim(subject), "delivered");
      expect(messageIds(await claim(subject))).toEqual([second.messageId]);
      await subject.advance(hourMs);
      expect(messageIds(await claim(subject))).not.toContain(first.messageId);
    },
  },
  {
    name: "A dead entry is never claimed again, and the next of its conversation is due",
    async run(subject) {
      const [first, second] = [await send(subject), await send(subject)];
      await settle(subject, await claim(subject), "dead");
      expect(messageIds(await claim(subject))).toEqual([second.messageId]);
      await subject.advance(hourMs);
      expect(messageIds(await claim(subject))).not.toContain(first.messageId);
    },
  },
  {
    name: "An entry to retry is due at its time and not before",
    async run(subject) {
      const entry = await send(subject);
      await settle(subject, await claim(subject), { retryAt: later(subject.clock, hourMs) });
      subject.shiftWallClock(2 * hourMs);
      await subject.advance(hourMs - 1000);
      expect(await claim(subject)).toEqual([]);
      await subject.advance(1001);
      expect(messageIds(await claim(subject))).toEqual([entry.messageId]);
    },
  },
  {
    name: "The claim of an `untried` one does not count",
    async run(subject) {
      const message = exampleMessage();
      await accept(subject, message, exampleEvents(undefined, message));
      const counts: number[] = [];
      for (const untried of [true, false, true, true]) {
        const claimed = await claimEvents(subject);
        counts.push(...claimed.map(({ earlierClaims }) => earlierClaims));
        await settle(subject, claimed, { retryAt: later(subject.clock, 1000), ...(untried && { untried }) });
        expect(await claimEvents(subject)).toEqual([]);
        await subject.advance(1001);
      }
      expect(counts).toEqual([0, 0, 1, 1]);
    },
  },
  {
    name: "An entry that waits delays only its own conversation",
    async run(subject) {
      const failing = await send(subject);
      const behind = await send(subject);
      await settle(subject, await claim(subject), { retryAt: later(subject.clock, hourMs) });
      const other = await send(subject, { conversationId: "conversation-2" });
      expect(messageIds(await claim(subject))).toEqual([other.messageId]);
      await subject.advance(hourMs + 1);
      const claimed = messageIds(await claim(subject));
      expect(claimed).toContain(failing.messageId);
      expect(claimed).not.toContain(behind.messageId);
    },
  },
  {
    name: "Settling an entry that is gone changes nothing",
    async run(subject) {
      await send(subject);
      const second = await send(subject);
      const first = await claim(subject);
      await settle(subject, first, "delivered");
      const ways: OutboxSettlement[] = ["delivered", "dead", { retryAt: subject.clock.now() }];
      for (const as of ways) await settle(subject, first, as);
      const claimed = await claim(subject);
      expect(messageIds(claimed)).toEqual([second.messageId]);
      for (const as of ways) await settle(subject, first, as);
      expect(await claim(subject)).toEqual([]);
      await subject.advance(leaseMs + 1);
      expect(messageIds(await claim(subject))).toEqual([second.messageId]);
    },
  },
  {
    name: "A claim may be settled after its lease has ended: the last settlement counts",
    async run(subject) {
      await send(subject);
      const lapsed = await claim(subject);
      await subject.advance(leaseMs + 1);
      await settle(subject, lapsed, "delivered");
      expect(await claim(subject)).toEqual([]);
      await send(subject);
      const slow = await claim(subject);
      await subject.advance(leaseMs + 1);
      const fast = await claim(subject);
      await settle(subject, slow, { retryAt: later(subject.clock, 1000) });
      await settle(subject, fast, "delivered");
      await subject.advance(1001);
      expect(await claim(subject)).toEqual([]);
    },
  },
];

const hourMs = 3_600_000;
