import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { type QuotaCountersSubject, granted, grants, monday, take, tuesday, wednesday } from "./steps.ts";

export const quotaCounterTakeCases: readonly Case<QuotaCountersSubject>[] = [
  {
    name: "Counts how many units each tenant has used",
    async run(subject) {
      for (const tenantId of ["tenant-1", "tenant-2", "__proto__"]) {
        expect(await granted(subject, { tenantId, amount: 10 })).toBe(10);
      }
    },
  },
  {
    name: "Takes up to `amount` of what is left of `limit` in the period",
    async run(subject) {
      expect(await grants(subject, 3, { amount: 4 })).toEqual([4, 4, 2]);
      const huge = { tenantId: "tenant-2", limit: Number.MAX_SAFE_INTEGER, amount: 5_000_000_000 };
      expect(await grants(subject, 2, huge)).toEqual([huge.amount, huge.amount]);
      const rest = { ...huge, amount: Number.MAX_SAFE_INTEGER };
      expect(await granted(subject, rest)).toBe(Number.MAX_SAFE_INTEGER - 2 * huge.amount);
    },
  },
  {
    name: "however many ask at once",
    async run(subject) {
      const asked = Array.from({ length: 50 }, () => granted(subject, { limit: 21, amount: 3 }));
      const sum = (await Promise.all(asked)).reduce((total, each) => total + each, 0);
      expect(sum).toBe(21);
    },
  },
  {
    name: "0 where nothing is left",
    async run(subject) {
      expect(await granted(subject, { amount: 10 })).toBe(10);
      for (const limit of [10, 5, 0]) expect(await granted(subject, { limit })).toBe(0);
      expect(await granted(subject, { limit: 12, amount: 10 })).toBe(2);
      expect(await granted(subject, { tenantId: "tenant-2", limit: 0 })).toBe(0);
    },
  },
  {
    name: "A later period than the one counted starts at 0",
    async run(subject) {
      for (const startsAt of [monday, tuesday, wednesday]) {
        expect(await grants(subject, 2, { startsAt, amount: 7 })).toEqual([7, 3]);
      }
    },
  },
  {
    name: "An earlier period does not open again: units taken count in the later one",
    async run(subject) {
      expect(await granted(subject, { startsAt: tuesday, amount: 6 })).toBe(6);
      expect(await granted(subject, { startsAt: monday, amount: 3 })).toBe(3);
      expect(await granted(subject, { startsAt: tuesday, amount: 9 })).toBe(1);
      expect(await granted(subject, { startsAt: monday })).toBe(0);
    },
  },
  {
    name: "When the period in which they count began",
    async run(subject) {
      const startOf = async (startsAt: Date) => (await take(subject, { startsAt, amount: 8 })).startsAt;
      expect(await startOf(tuesday)).toEqual(tuesday);
      expect(await startOf(monday)).toEqual(tuesday);
      expect(await startOf(monday)).toEqual(tuesday);
      expect(await startOf(wednesday)).toEqual(wednesday);
    },
  },
  {
    name: "Periods of one name follow each other; periods of another name are counted separately",
    async run(subject) {
      expect(await granted(subject, { period: "day", startsAt: tuesday, amount: 10 })).toBe(10);
      expect(await granted(subject, { period: "month", startsAt: monday, amount: 10 })).toBe(10);
      expect(await granted(subject, { period: "day", startsAt: tuesday })).toBe(0);
    },
  },
  {
    name: "Repeating a request that was granted units returns the same and takes none",
    async run(subject) {
      const id = "repeated";
      const first = await Promise.all(Array.from({ length: 20 }, () => take(subject, { id, amount: 4 })));
      expect(first).toEqual(first.map(() => ({ granted: 4, startsAt: monday })));
      expect(await granted(subject, { amount: 10 })).toBe(6);
      for (const startsAt of [monday, tuesday]) {
        expect(await take(subject, { id, amount: 4, startsAt })).toEqual({ granted: 4, startsAt: monday });
      }
      expect(await granted(subject, { amount: 10, startsAt: tuesday })).toBe(10);
    },
  },
];
