import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { anotherProcess } from "../store/steps.ts";
import { claim, enqueue, line, release } from "../message-queue/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const processLeaseCases: readonly Case<StoreSubject>[] = [
  {
    name: "For how many milliseconds nobody else gets what this process holds",
    async run(subject) {
      expect(subject.lease.validForMs()).toBeGreaterThan(0);
      await subject.advance(60_000);
      expect(subject.lease.validForMs()).toBeGreaterThan(0);
    },
  },
  {
    name: "Reaches 0 before the lines of the process are free for others",
    needs: { name: "anotherProcess", of: (subject) => subject.anotherProcess },
    async run(subject) {
      const other = await anotherProcess(subject);
      expect(other.lease.validForMs()).toBeGreaterThan(0);
      await enqueue(subject);
      await claim(other);
      await other.lapse();
      expect(other.lease.validForMs()).toBe(0);
      expect(await claim(subject)).toHaveLength(1);
      await other.wake();
      expect(other.lease.validForMs()).toBeGreaterThan(0);
    },
  },
  {
    name: "How many of its lines this process should release so that others get their share",
    needs: { name: "anotherProcess", of: (subject) => subject.anotherProcess },
    async run(subject) {
      const lines = [1, 2, 3, 4].map((index) => ({ ...line, outletId: `o-${index}` }));
      for (const each of lines) await enqueue(subject, each);
      expect(await claim(subject)).toHaveLength(4);
      expect(subject.lease.surplus()).toBe(0);
      const other = await anotherProcess(subject);
      expect(await claim(other)).toEqual([]);
      await other.beat();
      expect(subject.lease.surplus()).toBe(2);
      await release(subject, lines.slice(0, 2));
      await other.beat();
      expect(subject.lease.surplus()).toBe(0);
      expect(await claim(other)).toHaveLength(2);
    },
  },
];
