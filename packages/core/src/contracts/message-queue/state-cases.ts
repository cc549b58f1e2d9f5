import { expect } from "vitest";

import { outletName } from "../../content/identifiers.ts";
import { conclude } from "../../domain/message-changes.ts";
import type { LineState, QueueStateQuery } from "../../ports/store/message-queue.ts";
import type { Case } from "../contract.ts";
import { withIntent } from "../fixtures.ts";
import { succeeds } from "../results.ts";
import { accept, commit, later } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { claim, claimNames, enqueue, queued } from "./steps.ts";

export const stateCases: readonly Case<StoreSubject>[] = [
  {
    name: "How many messages of a tenant are queued and unfinished",
    async run(subject) {
      const message = await enqueue(subject);
      await enqueue(subject, { outletId: "outlet-2", inMs: 60_000 });
      await enqueue(subject, { tenantId: "tenant-2" });
      await accept(subject, withIntent(queued(subject)));
      const depth = async (upTo: number) => succeeds(await subject.queue.depth("tenant-1", upTo));
      expect(await depth(100)).toBe(3);
      expect(await depth(2)).toBe(2);
      await commit(subject, conclude(message, { as: "canceled", at: subject.clock.now() }));
      expect(await depth(100)).toBe(2);
      expect(succeeds(await subject.queue.depth("tenant-3", 100))).toBe(0);
    },
  },
  {
    name: "Describes up to `limit` lines that have unfinished messages, of one tenant or of all, the one that has been due longest first, then those that will be due",
    async run(subject) {
      await accept(subject, withIntent(queued(subject, { outletId: "in-flight" })));
      await enqueue(subject, { outletId: "scheduled", inMs: 60_000 });
      await enqueue(subject, { outletId: "longest" });
      await subject.advance(5000);
      await enqueue(subject, { outletId: "longest" });
      await enqueue(subject, { outletId: "longest", inMs: 5000 });
      await enqueue(subject, { outletId: "shorter", tenantId: "tenant-2" });
      await subject.advance(1000);
      expect(await claimNames(subject, 1)).toEqual(["tenant-1 longest"]);
      const all = await state(subject);
      expect(all.map(outletName)).toEqual([
        "tenant-1 longest",
        "tenant-2 shorter",
        "tenant-1 scheduled",
        "tenant-1 in-flight",
      ]);
      const [longest, shorter, scheduled, inFlight] = all;
      expect(longest).toMatchObject({ open: 3, due: 2, dueForMs: near(6000), isHeld: true });
      expect(shorter).toMatchObject({ open: 1, due: 1, dueForMs: near(1000), isHeld: false });
      expect(scheduled).toMatchObject({ open: 1, due: 0, dueForMs: 0, isHeld: false });
      expect(scheduled?.nextDueAt?.getTime()).toEqual(near(later(subject.clock, 54_000).getTime()));
      expect(inFlight).toEqual({
        tenantId: "tenant-1",
        outletId: "in-flight",
        open: 1,
        due: 0,
        dueForMs: 0,
        isHeld: false,
      });
      expect(await state(subject, { limit: 1, upTo: 1 })).toMatchObject([{ outletId: "longest", open: 1, due: 1 }]);
      expect((await state(subject, { tenantId: "tenant-2", limit: 9, upTo: 9 })).map(outletName)).toEqual([
        "tenant-2 shorter",
      ]);
    },
  },
  {
    name: "Changes nothing",
    async run(subject) {
      await enqueue(subject);
      const before = await state(subject);
      expect(await state(subject)).toEqual(before);
      expect(await claim(subject)).toHaveLength(1);
      await state(subject);
      expect(await claim(subject)).toEqual([]);
    },
  },
];

async function state(
  { queue }: StoreSubject,
  query: QueueStateQuery = { limit: 100, upTo: 100 },
): Promise<readonly LineState[]> {
  return succeeds(await queue.state(query));
}

/** A database may take a little time. */
function near(ms: number): unknown {
  return expect.toSatisfy((value: number) => Math.abs(value - ms) < 1000, `near ${ms}`);
}
