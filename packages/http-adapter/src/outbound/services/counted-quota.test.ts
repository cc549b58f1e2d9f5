import { okAsync } from "neverthrow";
import { beforeEach, expect, test } from "vitest";

import { createCountedQuota, type QuotaReading } from "./counted-quota.ts";

let now: Date;
let reading: QuotaReading;
let readings: number;

beforeEach(() => {
  now = new Date("2026-11-30T23:59:00Z");
  reading = { limit: 10, used: 0, resetsAt: new Date("2026-12-01T00:00:00Z") };
  readings = 0;
});

const clock = { now: () => now, monotonicMs: () => now.getTime(), sleep: () => new Promise<void>(() => {}) };

function countedQuota() {
  return createCountedQuota(() => {
    readings += 1;
    return okAsync(reading);
  }, clock);
}

let requests = 0;
/** A new request on each access. */
const request = {
  get id() {
    return `request-${(requests += 1)}`;
  },
  tenantId: "t",
  amount: 4,
  ttlMs: 60_000,
};

test("concurrent calls share a reading", async () => {
  const quota = countedQuota();
  const blocks = await Promise.all([quota.reserve(request), quota.reserve(request), quota.reserve(request)]);
  expect(blocks.map((block) => block._unsafeUnwrap().granted)).toEqual([4, 4, 2]);
  expect(readings).toBe(1);
});

test("a service that counts late does not grant the same units twice", async () => {
  const quota = countedQuota();
  const block = (await quota.reserve(request))._unsafeUnwrap();
  expect((await quota.settle(block, 4)).isOk()).toBe(true);
  reading = { ...reading, used: 1 };
  expect((await quota.reserve({ ...request, amount: 10 }))._unsafeUnwrap().granted).toBe(6);
});

test("units used by others are not granted", async () => {
  const quota = countedQuota();
  expect((await quota.reserve(request)).isOk()).toBe(true);
  reading = { ...reading, used: 9 };
  expect((await quota.reserve(request))._unsafeUnwrap().granted).toBe(1);
  reading = { ...reading, used: 12 };
  expect((await quota.reserve(request))._unsafeUnwrapErr()).toEqual({
    kind: "QuotaExceeded",
    resetsAt: new Date("2026-12-01T00:00:00Z"),
  });
});

test("a new period starts from zero, except for unused units of the previous one", async () => {
  const quota = countedQuota();
  now = new Date("2026-11-30T23:59:30Z");
  const held = (await quota.reserve(request))._unsafeUnwrap();
  expect((await quota.settle((await quota.reserve(request))._unsafeUnwrap(), 4)).isOk()).toBe(true);
  now = new Date("2026-12-01T00:00:00Z");
  reading = { limit: 10, used: 0, resetsAt: new Date("2027-01-01T00:00:00Z") };
  expect((await quota.reserve({ ...request, amount: 10 }))._unsafeUnwrap().granted).toBe(6);
  expect((await quota.settle(held, 1)).isOk()).toBe(true);
  expect((await quota.reserve({ ...request, amount: 10 }))._unsafeUnwrap().granted).toBe(3);
});

test("our clock being ahead does not end the service's period", async () => {
  const quota = countedQuota();
  const at = now;
  reading = { limit: 10, used: 0, at, resetsAt: new Date("2026-12-01T00:00:00Z") };
  const block = (await quota.reserve({ ...request, amount: 10 }))._unsafeUnwrap();
  expect((await quota.settle(block, 10)).isOk()).toBe(true);
  now = new Date(now.getTime() + 3_600_000);
  reading = { ...reading, at: new Date(at.getTime() + 1000), resetsAt: new Date("2026-12-01T00:00:01Z") };
  expect((await quota.reserve(request))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
});

test("a quota that never resets is one period", async () => {
  reading = { limit: 5, used: 2 };
  const quota = countedQuota();
  expect((await quota.reserve(request))._unsafeUnwrap().granted).toBe(3);
  expect((await quota.reserve(request))._unsafeUnwrapErr()).toEqual({ kind: "QuotaExceeded" });
});

test("settling a block of an earlier process, or a long expired one, has no effect", async () => {
  const quota = countedQuota();
  const block = (await quota.reserve(request))._unsafeUnwrap();
  const earlier = { ...block, id: block.id.replace(/.$/, "x") };
  expect(quota.isOwn(earlier)).toBe(true);
  expect(quota.isOwn({ ...block, id: "r1" })).toBe(false);
  expect((await quota.settle(earlier, 0)).isOk()).toBe(true);
  now = new Date("2026-12-01T02:00:00Z");
  expect((await quota.reserve(request))._unsafeUnwrap().granted).toBe(4);
  expect((await quota.settle(block, 0)).isOk()).toBe(true);
  expect((await quota.reserve({ ...request, amount: 10 }))._unsafeUnwrap().granted).toBe(2);
});

test("a repeated request gets the same block, settled or not, and reserves nothing more", async () => {
  const quota = countedQuota();
  const repeated = { id: "again", tenantId: "t", amount: 4, ttlMs: 60_000 };
  const [first, second] = await Promise.all([quota.reserve(repeated), quota.reserve(repeated)]);
  expect(second._unsafeUnwrap()).toEqual(first._unsafeUnwrap());
  now = new Date("2026-11-30T23:59:30Z");
  expect((await quota.settle(first._unsafeUnwrap(), 3)).isOk()).toBe(true);
  expect((await quota.reserve(repeated))._unsafeUnwrap()).toEqual(first._unsafeUnwrap());
  expect((await quota.reserve({ ...repeated, id: "another", amount: 10 }))._unsafeUnwrap().granted).toBe(7);
});

test("tenants are counted separately", async () => {
  const quota = countedQuota();
  for (const tenantId of ["a", "b"]) {
    expect((await quota.reserve({ ...request, tenantId, amount: 10 }))._unsafeUnwrap().granted).toBe(10);
  }
});

test("a falling count starts a new period, even if the service does not report one", async () => {
  reading = { limit: 3, used: 0 };
  const quota = countedQuota();
  const block = (await quota.reserve({ ...request, amount: 3 }))._unsafeUnwrap();
  (await quota.settle(block, 3))._unsafeUnwrap();
  reading = { limit: 3, used: 3 };
  expect((await quota.reserve(request))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
  reading = { limit: 3, used: 0 };
  expect((await quota.reserve(request))._unsafeUnwrap().granted).toBe(3);
});

test("an end that moves with each reading does not start a new period", async () => {
  const quota = countedQuota();
  let granted = 0;
  for (let minute = 0; minute < 10; minute += 1) {
    now = new Date(now.getTime() + 60_000);
    reading = { limit: 5, used: 0, resetsAt: new Date(now.getTime() + 3_600_000) };
    const block = await quota.reserve({ ...request, amount: 1 });
    if (block.isOk()) {
      granted += 1;
      (await quota.settle(block.value, 1))._unsafeUnwrap();
    }
  }
  expect(granted).toBe(5);
});
