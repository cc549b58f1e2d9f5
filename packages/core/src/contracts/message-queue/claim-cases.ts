import { expect } from "vitest";

import { outletName } from "../../content/identifiers.ts";
import type { Case } from "../contract.ts";
import { anotherProcess } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";
import { claim, claimNames, enqueue, line, release } from "./steps.ts";

export const claimCases: readonly Case<StoreSubject>[] = [
  {
    name: "Claims up to `limit` lines that are due and that no process holds; from then on this process holds them",
    async run(subject) {
      for (const outletId of ["a", "b", "c"]) await enqueue(subject, { outletId });
      const first = await claim(subject, 2);
      expect(first).toHaveLength(2);
      const second = await claim(subject, 2);
      expect(second).toHaveLength(1);
      expect([...first, ...second].map(outletName).toSorted()).toEqual(["tenant-1 a", "tenant-1 b", "tenant-1 c"]);
      await enqueue(subject, { outletId: "a" });
      await subject.advance(60_000);
      expect(await claim(subject)).toEqual([]);
    },
  },
  {
    name: "A line is due once one of its messages is (`queueDueAt`), on time however the wall clock is set after the message is written",
    async run(subject) {
      for (const stepMs of [20_000, -20_000]) {
        const outletId = `stepped-${stepMs < 0 ? "back" : "forward"}`;
        await enqueue(subject, { outletId, inMs: 10_000 });
        await enqueue(subject, { outletId, inMs: 3_600_000 });
        subject.shiftWallClock(stepMs);
        await subject.advance(9999);
        expect(await claim(subject)).toEqual([]);
        await subject.advance(1);
        expect(await claimNames(subject)).toEqual([`tenant-1 ${outletId}`]);
      }
    },
  },
  {
    name: "Concurrent claims get different lines",
    async run(subject) {
      for (let index = 0; index < 20; index += 1) await enqueue(subject, { outletId: `o-${index}` });
      const claims = await Promise.all(Array.from({ length: 10 }, () => claimNames(subject, 3)));
      const names = claims.flat();
      expect(names).toHaveLength(20);
      expect(new Set(names).size).toBe(20);
    },
  },
  {
    name: "Tenants take turns: none gets a second line before each other with a line that is due has one",
    async run(subject) {
      for (let index = 0; index < 10; index += 1) await enqueue(subject, { outletId: `o-${index}` });
      await subject.advance(1000);
      for (const tenantId of ["tenant-2", "tenant-3"]) {
        for (const outletId of ["x", "y"]) await enqueue(subject, { tenantId, outletId });
      }
      const tenants = async (limit: number) => (await claim(subject, limit)).map(({ tenantId }) => tenantId).toSorted();
      expect(await tenants(3)).toEqual(["tenant-1", "tenant-2", "tenant-3"]);
      expect(await tenants(5)).toEqual(["tenant-1", "tenant-1", "tenant-1", "tenant-2", "tenant-3"]);
    },
  },
  {
    name: "Of one tenant, the line that has been due longest comes first",
    async run(subject) {
      for (const [outletId, inMs] of [
        ["c", 30],
        ["a", 10],
        ["d", 40],
        ["b", 20],
      ] as const) {
        await enqueue(subject, { outletId, inMs });
      }
      await subject.advance(1000);
      const names = [
        ...(await claimNames(subject, 1)),
        ...(await claimNames(subject, 2)),
        ...(await claimNames(subject)),
      ];
      expect(names).toEqual(["a", "b", "c", "d"].map((outletId) => `tenant-1 ${outletId}`));
    },
  },
  {
    name: "The lines of a process whose lease is over are free, for that process too",
    needs: "anotherProcess",
    async run(subject) {
      const other = await anotherProcess(subject);
      for (const outletId of ["a", "b"]) await enqueue(subject, { outletId });
      expect(await claimNames(other)).toEqual(["tenant-1 a", "tenant-1 b"]);
      expect(await claim(subject)).toEqual([]);
      await other.lapse();
      await enqueue(subject, { outletId: "a" });
      const [first] = await claimNames(subject, 1);
      await other.wake();
      expect(new Set([first, ...(await claimNames(other))])).toEqual(new Set(["tenant-1 a", "tenant-1 b"]));
    },
  },
  {
    name: "A process holds no more than its share: the lines that are held or due, divided by the processes that work on the queue, rounded up",
    needs: "anotherProcess",
    async run(subject) {
      for (let index = 0; index < 5; index += 1) await enqueue(subject, { outletId: `o-${index}` });
      const other = await anotherProcess(subject);
      expect(await claim(subject)).toHaveLength(5);
      expect(await claim(other)).toEqual([]);
      await release(
        subject,
        [0, 1, 2, 3, 4].map((index) => ({ ...line, outletId: `o-${index}` })),
      );
      expect(await claim(subject)).toHaveLength(3);
      expect(await claim(subject)).toEqual([]);
      expect(await claim(other)).toHaveLength(2);
    },
  },
];
