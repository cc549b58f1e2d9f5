import { expect } from "vitest";

import type { DeliveredEntry } from "../../ports/store/outbox.ts";
import type { Case } from "../contract.ts";
import { exampleEvents, exampleMessage } from "../fixtures.ts";
import { succeeds } from "../results.ts";
import { accept, claim, claimEvents, later, leaseMs, messageIds, send, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const outboxDeliveredCases: readonly Case<StoreSubject>[] = [
  {
    name: "of each entry that had failed before, or was delivered ten seconds after it entered or later",
    async run(subject) {
      const prompt = await send(subject);
      await settle(subject, await claim(subject), "delivered");
      expect(await delivered(subject, prompt.messageId)).toEqual([]);
      const message = exampleMessage();
      await accept(subject, message, exampleEvents(undefined, message));
      await subject.advance(10_001);
      await settle(subject, await claimEvents(subject), "delivered");
      expect(await delivered(subject, message.id)).toMatchObject([{ topic: "status", version: 1 }]);
      const failed = await send(subject);
      const claimed = await claim(subject);
      succeeds(await subject.outbox.settle(idsOf(claimed), { retryAt: subject.clock.now() }, "no answer"));
      await settle(subject, await claim(subject), "delivered");
      const { messageId, version } = failed;
      expect(await delivered(subject, messageId)).toMatchObject([{ topic: "history", messageId, version }]);
      expect(await delivered(subject, prompt.messageId)).toEqual([]);
    },
  },
  {
    name: "Says when that was, how often it had been claimed, and why it had failed",
    async run(subject) {
      const { messageId } = await send(subject);
      const enteredMs = subject.clock.now().getTime();
      for (const _ of [1, 2]) {
        await claim(subject);
        await subject.advance(leaseMs + 1);
      }
      for (const why of ["first", "second"]) {
        const retryAt = later(subject.clock, 3_600_000);
        succeeds(await subject.outbox.settle(idsOf(await claim(subject)), { retryAt }, why));
        await subject.advance(3_600_001);
      }
      await settle(subject, await claim(subject), "delivered");
      await subject.advance(3_600_000);
      const [entry, ...others] = await delivered(subject, messageId);
      expect([others, entry?.why]).toEqual([[], "second"]);
      expect(entry?.claims).toBeGreaterThan(2);
      const offByMs = [
        (entry?.enqueuedAt.getTime() ?? 0) - enteredMs,
        (entry?.deliveredAt.getTime() ?? 0) - enteredMs - 7_200_002 - 2 * leaseMs,
      ];
      for (const off of offByMs) expect(Math.abs(off), "by how many milliseconds a time is off").toBeLessThan(30_000);
    },
  },
  {
    name: "An unwanted entry is gone like a delivered one, but counts as no delivery",
    async run(subject) {
      const [first, second] = [await send(subject), await send(subject)];
      await subject.advance(20_000);
      await settle(subject, await claim(subject), "unwanted");
      expect(succeeds(await subject.outbox.undelivered(first.messageId))).toEqual([]);
      expect(await delivered(subject, first.messageId)).toEqual([]);
      expect(messageIds(await claim(subject))).toEqual([second.messageId]);
    },
  },
];

function idsOf(claimed: readonly { readonly id: string }[]): readonly string[] {
  return claimed.map(({ id }) => id);
}

async function delivered({ outbox }: StoreSubject, messageId: string): Promise<readonly DeliveredEntry[]> {
  return succeeds(await outbox.delivered(messageId));
}
