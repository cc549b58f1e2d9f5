import type { CounterRequest, QuotaCounters } from "@message-sender/core/adapter";
import { afterEach, beforeEach, expect, it } from "vitest";

import { type StoreFile, storeFile, valueOf } from "../test/store-file.ts";

const limit = Number.MAX_SAFE_INTEGER;
let file: StoreFile;
let counters: QuotaCounters;

beforeEach(async () => {
  file = storeFile();
  counters = (await file.open()).quotaCounters;
});

afterEach(() => file.remove());

/** Takes all units of a day, and returns their number. */
async function take(id: string, day: number, fields: Partial<CounterRequest> = {}): Promise<number> {
  const startsAt = new Date(Date.UTC(2025, 10, day));
  const request = { id, tenantId: "tenant-1", period: "day", startsAt, limit, amount: limit, ...fields };
  return (await valueOf(counters.take(request))).granted;
}

it("counts to the largest number that is exact, and back", async () => {
  expect(await take("most", 1, { amount: limit - 1 })).toBe(limit - 1);
  expect(await take("last", 1)).toBe(1);
  expect(await take("none", 1)).toBe(0);
  await valueOf(counters.settle("most", limit - 2));
  expect(await take("freed", 1)).toBe(1);
  await valueOf(counters.settle("most", 0));
  expect(await take("rest", 1)).toBe(limit - 2);
});

it("remembers what was taken through the next period, and no longer", async () => {
  expect(await take("first", 1, { amount: 3 })).toBe(3);
  expect(await take("other tenant", 1, { tenantId: "tenant-2", amount: 3 })).toBe(3);
  expect(await take("second", 2, { amount: 5 })).toBe(5);
  expect(await take("first", 2)).toBe(3);
  expect(await take("third", 3, { amount: 5 })).toBe(5);
  await valueOf(counters.settle("first", 0));
  expect(await take("second", 3)).toBe(5);
  expect(await take("rest", 3)).toBe(limit - 5);
  expect(await take("first", 3)).toBe(0);
  expect(await take("other tenant", 3, { tenantId: "tenant-2" })).toBe(3);
});
