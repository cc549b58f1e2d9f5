import { expect } from "vitest";

import type { Message } from "../../domain/message.ts";
import { conclude, requeue } from "../../domain/message-changes.ts";
import type { QuotaBlock } from "../../ports/quota.ts";
import type { Case } from "../contract.ts";
import { exampleMessage, exampleOutcomes, exampleTime, withIntent, withOutcome, withReport } from "../fixtures.ts";
import { accept, commit } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const quotaBlockCases: readonly Case<StoreSubject>[] = [
  {
    name: "Records a block before its first unit is used",
    async run(subject) {
      for (const block of blocks) await open(subject, block);
      expect((await unsettled(subject)).map(({ block }) => block)).toEqual(blocks);
    },
  },
  {
    name: "A block of which no message holds a unit has 0",
    async run(subject) {
      await open(subject, first);
      expect(await unsettled(subject)).toMatchObject([{ used: 0, unfinished: 0 }]);
    },
  },
  {
    name: "Opening it again changes nothing",
    async run(subject) {
      await open(subject, first);
      await accept(subject, exampleMessage({ quotaBlockId: first.id }));
      await open(subject, first);
      expect(await used(subject)).toEqual({ "block-1": 1 });
      expect(await unsettled(subject)).toHaveLength(1);
    },
  },
  {
    name: "the units of it that messages hold, by the rows of the message store",
    async run(subject) {
      for (const block of blocks) await open(subject, block);
      const [inFlight, accepted, lost, refused] = Array.from({ length: 4 }, () =>
        withIntent(exampleMessage({ quotaBlockId: first.id })),
      ) as [Message, Message, Message, Message];
      for (const message of [inFlight, accepted, lost, refused]) await accept(subject, message);
      await accept(subject, exampleMessage({ quotaBlockId: second.id }));
      await accept(subject, exampleMessage({ quotaBlockId: "never opened" }));
      expect(await used(subject)).toEqual({ "block-1": 4, "block-2": 1 });
      const held = withOutcome(lost, exampleOutcomes.Ambiguous);
      const failed = withOutcome(refused, exampleOutcomes.Refused);
      for (const next of [withOutcome(accepted, exampleOutcomes.Accepted), held, failed]) await commit(subject, next);
      await commit(subject, conclude(held, { as: "exhausted", at: exampleTime }));
      expect(await used(subject)).toEqual({ "block-1": 4, "block-2": 1 });
      await commit(subject, conclude(failed, { as: "exhausted", at: exampleTime }));
      expect(await used(subject)).toEqual({ "block-1": 3, "block-2": 1 });
    },
  },
  {
    name: "How many of those belong to unfinished messages and may be returned",
    async run(subject) {
      await open(subject, first);
      const message = (mode: Message["mode"]) => exampleMessage({ mode, quotaBlockId: first.id });
      const [waiting, lost] = [withIntent(message("waiting")), withIntent(message("waiting"))];
      const unheard = withOutcome(lost, exampleOutcomes.Ambiguous);
      for (const each of [waiting, lost, message("queued")]) await accept(subject, each);
      expect(await unsettled(subject)).toMatchObject([{ used: 3, unfinished: 3 }]);
      await commit(subject, withOutcome(waiting, exampleOutcomes.Accepted));
      await commit(subject, unheard);
      expect(await unsettled(subject)).toMatchObject([{ used: 3, unfinished: 2 }]);
      await commit(subject, conclude(unheard, { as: "held", at: exampleTime }));
      expect(await unsettled(subject)).toMatchObject([{ used: 3, unfinished: 1 }]);
    },
  },
  {
    name: "Forgets a block that is settled for good",
    async run(subject) {
      for (const block of blocks) await open(subject, block);
      await accept(subject, exampleMessage({ quotaBlockId: first.id }));
      await close(subject, first);
      expect(await used(subject)).toEqual({ "block-2": 0 });
    },
  },
  {
    name: "Closing it again changes nothing",
    async run(subject) {
      for (const block of blocks) await open(subject, block);
      await close(subject, first);
      await close(subject, first);
      expect(await used(subject)).toEqual({ "block-2": 0 });
    },
  },
  {
    name: "A block is open again once a commit recounts a unit of it",
    async run(subject) {
      const concluded = await refusedOf(subject, first);
      await close(subject, first);
      await recount(subject, withReport(concluded, "delivered"));
      expect(await used(subject)).toEqual({ "block-1": 1 });
    },
  },
  {
    name: "`isRecounted` says so the first time that it is listed",
    async run(subject) {
      const concluded = await refusedOf(subject, first);
      expect((await unsettled(subject))[0]?.isRecounted ?? false).toBe(false);
      await recount(subject, withReport(concluded, "delivered"));
      expect((await unsettled(subject))[0]?.isRecounted).toBe(true);
      expect((await unsettled(subject))[0]?.isRecounted ?? false).toBe(false);
    },
  },
  {
    name: "unless a unit of it was recounted since it was last listed",
    async run(subject) {
      const concluded = await refusedOf(subject, first);
      await unsettled(subject);
      await recount(subject, withReport(concluded, "delivered"));
      await close(subject, first);
      expect(await used(subject)).toEqual({ "block-1": 1 });
    },
  },
  {
    name: "A message that was moved to another block holds a unit of that block",
    async run(subject) {
      const concluded = await refusedOf(subject, first);
      await open(subject, second);
      await commit(subject, requeue(concluded, exampleTime, exampleTime, second.id));
      expect(await used(subject)).toEqual({ "block-1": 0, "block-2": 1 });
    },
  },
];

const first: QuotaBlock = { id: "block-1", tenantId: "tenant-1", granted: 100, expiresAt: exampleTime };
const second: QuotaBlock = { id: "block-2", tenantId: "__proto__", granted: 1, expiresAt: exampleTime };
const blocks = [first, second];

/** A rejected message of an open block: its unit was returned. */
async function refusedOf(subject: StoreSubject, block: QuotaBlock): Promise<Message> {
  await open(subject, block);
  const intended = withIntent(exampleMessage({ quotaBlockId: block.id, tenantId: block.tenantId }));
  const refused = withOutcome(intended, exampleOutcomes.Refused);
  const concluded = conclude(refused, { as: "exhausted", at: exampleTime });
  await accept(subject, intended);
  for (const next of [refused, concluded]) await commit(subject, next);
  return concluded;
}

async function recount({ messages }: StoreSubject, next: Message): Promise<void> {
  succeeds(await messages.commit({ next, isBystander: true, recountsUnit: true }));
}

async function open({ quotaLedger }: StoreSubject, block: QuotaBlock): Promise<void> {
  succeeds(await quotaLedger.open(block, `request of ${block.id}`));
}

async function close({ quotaLedger }: StoreSubject, block: QuotaBlock): Promise<void> {
  succeeds(await quotaLedger.close(block));
}

async function unsettled({ quotaLedger }: StoreSubject) {
  const rows = succeeds(await quotaLedger.unsettled());
  return rows.toSorted((a, b) => (a.block.id < b.block.id ? -1 : 1));
}

async function used(subject: StoreSubject): Promise<Record<string, number>> {
  return Object.fromEntries((await unsettled(subject)).map(({ block, used: units }) => [block.id, units]));
}
