import { expect } from "vitest";

import type { BacklogMeasure } from "../../ports/store/backlog.ts";
import type { Case } from "../contract.ts";
import { exampleEvents, exampleMessage, exampleStatusUpdate, exampleWebhook } from "../fixtures.ts";
import { succeeds } from "../results.ts";
import { accept, claim, claimEvents, claimWebhooks, due, find, later, leaseMs, send, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

const plenty = 1000;

export const backlogCases: readonly Case<StoreSubject>[] = [
  {
    name: "Counts the messages in the queue, and says for how long the first of those that are due has been due",
    async run(subject) {
      expect(await measured(subject)).toMatchObject({ queued: 0, due: { count: 0, oldestMs: 0 } });
      await enqueue(subject, 0);
      await subject.advance(5000);
      await enqueue(subject, 0);
      await enqueue(subject, 60_000);
      await accept(subject, exampleMessage());
      expect(await measured(subject)).toMatchObject({ queued: 3, due: { count: 2, oldestMs: near(5000) } });
      subject.shiftWallClock(-3_600_000);
      await subject.advance(60_000);
      expect(await measured(subject)).toMatchObject({ queued: 3, due: { count: 3, oldestMs: near(65_000) } });
    },
  },
  {
    name: "Counts for each topic the outbox entries that wait and those that are dead, and says how long ago the oldest that waits entered",
    async run(subject) {
      expect((await measured(subject)).outbox).toEqual({ history: nothing, webhook: nothing, status: nothing });
      await send(subject, { conversationId: "c-1" });
      await subject.advance(7000);
      for (const conversationId of ["c-1", "c-2", "c-3"]) await send(subject, { conversationId });
      succeeds(await subject.webhookInbox.add([exampleWebhook()], true));
      await subject.advance(500);
      for (let count = 0; count < 3; count += 1) await enter(subject);
      await subject.advance(500);
      expect((await measured(subject)).outbox).toMatchObject({
        history: { waiting: { count: 4, oldestMs: near(8000) }, dead: 0 },
        webhook: { waiting: { count: 1, oldestMs: near(1000) }, dead: 0 },
        status: { waiting: { count: 3, oldestMs: near(500) }, dead: 0 },
      });
      const [first, ...others] = await claim(subject);
      await settle(subject, first ? [first] : [], "dead");
      await settle(subject, others.slice(0, 1), "delivered");
      await settle(subject, others.slice(1), { retryAt: later(subject.clock, 60_000) });
      await settle(subject, await claimWebhooks(subject), "dead");
      const [one, two] = await claimEvents(subject);
      await settle(subject, one && two ? [one, two] : [], "dead");
      expect((await measured(subject)).outbox).toMatchObject({
        history: { waiting: { count: 2, oldestMs: near(1000) }, dead: 1 },
        webhook: { waiting: { count: 0, oldestMs: 0 }, dead: 1 },
        status: { waiting: { count: 1, oldestMs: near(500) }, dead: 2 },
      });
    },
  },
  {
    name: "Counts the status updates that are parked and the quota blocks that are open",
    async run(subject) {
      expect(await measured(subject)).toMatchObject({ parkedStatuses: 0, openQuotaBlocks: 0 });
      succeeds(
        await subject.parkedStatuses.park(["wamid.1", "wamid.2"].map((wamid) => exampleStatusUpdate({ wamid }))),
      );
      const block = { id: "b-1", tenantId: "tenant-1", granted: 9, expiresAt: later(subject.clock, 60_000) };
      succeeds(await subject.quotaLedger.request({ id: "r-1", tenantId: "tenant-1", amount: 9, ttlMs: 60_000 }));
      succeeds(await subject.quotaLedger.open(block, "r-1"));
      expect(await measured(subject)).toMatchObject({ parkedStatuses: 2, openQuotaBlocks: 1 });
      succeeds(await subject.quotaLedger.close(block));
      expect(await measured(subject)).toMatchObject({ parkedStatuses: 2, openQuotaBlocks: 0 });
    },
  },
  {
    name: "Counts no further than `limit`",
    async run(subject) {
      for (const index of [1, 2, 3]) {
        await enqueue(subject, 0);
        await send(subject, { conversationId: `c-${index % 2}` });
        succeeds(await subject.webhookInbox.add([exampleWebhook({ id: `w-${index}` })], true));
        succeeds(await subject.parkedStatuses.park([exampleStatusUpdate({ wamid: `wamid.unknown.${index}` })]));
      }
      await settle(subject, await claimWebhooks(subject), "dead");
      expect(succeeds(await subject.backlog.measure(2))).toMatchObject({
        queued: 2,
        due: { count: 2 },
        outbox: { history: { waiting: { count: 2 } }, webhook: { dead: 2 } },
        parkedStatuses: 2,
      });
    },
  },
  {
    name: "Changes nothing",
    async run(subject) {
      const { messageId: id } = await send(subject);
      await enqueue(subject, 0);
      const shown = async () => ({ message: await find(subject, { id }), due: await due(subject) });
      const before = await shown();
      for (const _ of [1, 2]) await measured(subject);
      expect(await shown()).toEqual(before);
      expect(await claim(subject)).toHaveLength(1);
      await measured(subject);
      expect(await claim(subject)).toEqual([]);
      await subject.advance(leaseMs);
      expect(await claim(subject)).toHaveLength(1);
    },
  },
];

const nothing = { waiting: { count: 0, oldestMs: 0 }, dead: 0 };

async function measured({ backlog }: StoreSubject): Promise<BacklogMeasure> {
  return succeeds(await backlog.measure(plenty));
}

/** Accepts a message whose status events are wanted: one waits. */
async function enter(subject: StoreSubject): Promise<void> {
  const message = exampleMessage({ acceptedAt: subject.clock.now() });
  await accept(subject, message, exampleEvents(undefined, message));
}

/** Adds a message to the queue that is due in so many milliseconds. */
async function enqueue(subject: StoreSubject, inMs: number): Promise<void> {
  const message = exampleMessage({ mode: "queued", acceptedAt: subject.clock.now() });
  await accept(subject, { ...message, policy: { ...message.policy, scheduleMs: [inMs] } });
}

/** Rows keep times to the millisecond. */
function near(ms: number): unknown {
  return expect.closeTo(ms, -1);
}
