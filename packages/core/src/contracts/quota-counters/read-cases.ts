import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { succeeds } from "../results.ts";
import { granted, monday, type QuotaCountersSubject, readLimit as limit, take, tuesday } from "./steps.ts";

export const quotaCounterReadCases: readonly Case<QuotaCountersSubject>[] = [
  {
    name: "How many units the tenant has taken and not returned",
    async run(subject) {
      await take(subject, { id: "read", limit, amount: 6 });
      await take(subject, { limit, amount: 2 });
      await take(subject, { limit, amount: 3, tenantId: "tenant-2" });
      expect(await read(subject)).toEqual({ used: 8, startsAt: monday });
      succeeds(await subject.quotaCounters.settle("read", 1));
      expect(await read(subject)).toEqual({ used: 3, startsAt: monday });
      const huge = { tenantId: "tenant-3", limit: 6_000_000_000, amount: 5_000_000_000 };
      await take(subject, huge);
      expect(await read(subject, { tenantId: "tenant-3" })).toEqual({ used: 5_000_000_000, startsAt: monday });
    },
  },
  {
    name: "in the latest period of that name in which it took any, and when that period began",
    async run(subject) {
      await take(subject, { limit, amount: 6 });
      await take(subject, { limit, amount: 4, startsAt: tuesday });
      await take(subject, { limit, amount: 5, period: "month" });
      expect(await read(subject)).toEqual({ used: 4, startsAt: tuesday });
      expect(await read(subject, { period: "month" })).toEqual({ used: 5, startsAt: monday });
    },
  },
  {
    name: "Undefined if it never took any",
    async run(subject) {
      await take(subject);
      for (const tenantId of ["tenant-2", "__proto__", "constructor"]) {
        expect(await read(subject, { tenantId })).toBeUndefined();
      }
      expect(await read(subject, { period: "year" })).toBeUndefined();
    },
  },
  {
    name: "Changes nothing",
    async run(subject) {
      await take(subject, { amount: 6 });
      for (let time = 0; time < 3; time += 1) await read(subject);
      expect(await granted(subject, { amount: 10 })).toBe(4);
    },
  },
];

async function read({ quotaCounters }: QuotaCountersSubject, { tenantId = "tenant-1", period = "day" } = {}) {
  return succeeds(await quotaCounters.read(tenantId, period));
}
