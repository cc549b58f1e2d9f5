import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { granted, monday, type QuotaCountersSubject, take, tuesday } from "./steps.ts";
import { succeeds } from "../results.ts";

export const quotaCounterSettleCases: readonly Case<QuotaCountersSubject>[] = [
  {
    name: "Reports how many units of a request were used; the rest returns to its period",
    async run(subject) {
      await take(subject, { id: "late", amount: 8 });
      await settle(subject, "late", 3);
      expect(await granted(subject, { amount: 10 })).toBe(7);
      expect(await granted(subject, { startsAt: tuesday, amount: 10 })).toBe(10);
      await settle(subject, "late", 0);
      expect(await granted(subject, { startsAt: tuesday })).toBe(0);
      expect(await granted(subject, { startsAt: monday })).toBe(0);
      const huge = { id: "huge", tenantId: "tenant-2", limit: 6_000_000_000, amount: 6_000_000_000 };
      await take(subject, huge);
      await settle(subject, huge.id, 5_000_000_000);
      expect(await granted(subject, { ...huge, id: "rest" })).toBe(1_000_000_000);
    },
  },
  {
    name: "May be repeated: the last number wins",
    async run(subject) {
      await take(subject, { id: "often", amount: 10 });
      for (const used of [4, 9, 9, 3]) await settle(subject, "often", used);
      await Promise.all(Array.from({ length: 20 }, () => settle(subject, "often", 2)));
      await settle(subject, "often", 3);
      expect(await granted(subject, { amount: 10 })).toBe(7);
    },
  },
  {
    name: "For an unknown request it changes nothing",
    async run(subject) {
      await take(subject, { id: "known", amount: 4 });
      for (const stranger of ["unknown", "", "__proto__", "constructor"]) {
        for (const used of [0, 2]) await settle(subject, stranger, used);
      }
      expect(await granted(subject, { amount: 10 })).toBe(6);
    },
  },
];

async function settle({ quotaCounters }: QuotaCountersSubject, requestId: string, used: number): Promise<void> {
  succeeds(await quotaCounters.settle(requestId, used));
}
