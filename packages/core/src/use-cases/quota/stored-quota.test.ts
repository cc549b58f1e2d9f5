import { describe, expect, it } from "vitest";

import { createInMemoryQuotaCounters, createManualClock } from "../../in-memory/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { QuotaBlock } from "../../ports/quota.ts";
import { createStoredQuota, type QuotaLimit } from "./stored-quota.ts";

const tenantId = "tenant-1";

/** A quota of which the tests set the clock and the limit. */
function startAt(text: string, limit?: QuotaLimit) {
  let now = new Date(text);
  let present = limit;
  let requests = 0;
  const clock: Clock = { ...createManualClock(), now: () => now };
  const limitOf = (of: string) => (of === tenantId ? present : undefined);
  const quota = createStoredQuota({ counters: createInMemoryQuotaCounters(), clock, limitOf });
  const reserve = (amount: number, fields: { id?: string; tenantId?: string } = {}) =>
    quota.reserve({ id: `request-${(requests += 1)}`, tenantId, amount, ttlMs: 60_000, ...fields });
  return {
    quota,
    reserve,
    granted: async (amount: number) => (await reserve(amount)).map((block) => block.granted).unwrapOr(0),
    refusal: async () => (await reserve(1))._unsafeUnwrapErr(),
    setClock: (to: string) => void (now = new Date(to)),
    setLimit: (to: QuotaLimit | undefined) => void (present = to),
  };
}

const daily: QuotaLimit = { limit: 10, period: "day" };
const monthly: QuotaLimit = { limit: 10, period: "month" };
const once: QuotaLimit = { limit: 10, period: "none" };

describe("a stored quota's block", () => {
  it("has the id of its request and the requested life time", async () => {
    const { reserve } = startAt("2026-03-01T12:00:00Z", daily);
    const block: QuotaBlock = { id: "r1", tenantId, granted: 4, expiresAt: new Date("2026-03-01T12:01:00Z") };
    expect((await reserve(4, { id: "r1" }))._unsafeUnwrap()).toEqual(block);
  });

  it("is what is left, if that is less than the requested amount", async () => {
    const { granted } = startAt("2026-03-01T12:00:00Z", daily);
    expect([await granted(7), await granted(7), await granted(7)]).toEqual([7, 3, 0]);
  });

  it("is refused to a tenant that is unknown, or no longer known", async () => {
    const { reserve, refusal, setLimit } = startAt("2026-03-01T12:00:00Z", daily);
    expect((await reserve(1, { tenantId: "tenant-2" }))._unsafeUnwrapErr()).toEqual({ kind: "TenantUnknown" });
    setLimit(undefined);
    expect(await refusal()).toEqual({ kind: "TenantUnknown" });
  });
});

describe("a stored quota's period", () => {
  it.each([
    ["day", daily, "2026-03-01T00:00:00.000Z", "2026-03-01T23:59:59.999Z", "2026-03-02T00:00:00.000Z"],
    ["day at the end of a leap February", daily, "2028-02-29T00:00:00Z", "2028-02-29T23:59:59.999Z", "2028-03-01"],
    ["day at the end of a year", daily, "2026-12-31T00:00:00Z", "2026-12-31T23:59:59.999Z", "2027-01-01"],
    ["month", monthly, "2026-04-01T00:00:00Z", "2026-04-30T23:59:59.999Z", "2026-05-01"],
    ["February", monthly, "2026-02-01T00:00:00Z", "2026-02-28T23:59:59.999Z", "2026-03-01"],
    ["last month of a year", monthly, "2026-12-01T00:00:00Z", "2026-12-31T23:59:59.999Z", "2027-01-01"],
  ])("ends with the calendar's %s, in UTC", async (_, limit, first, last, next) => {
    const { granted, refusal, setClock } = startAt(first, limit);
    expect(await granted(6)).toBe(6);
    setClock(last);
    expect(await granted(6)).toBe(4);
    expect(await refusal()).toEqual({ kind: "QuotaExceeded", resetsAt: new Date(next) });
    setClock(next);
    expect(await granted(10)).toBe(10);
  });

  it("never ends if it is none", async () => {
    const { granted, refusal, setClock } = startAt("2026-03-01T12:00:00Z", once);
    expect(await granted(10)).toBe(10);
    setClock("2099-12-31T23:59:59Z");
    expect(await refusal()).toEqual({ kind: "QuotaExceeded" });
  });

  it("does not open again when the clock is set back, and says when the current one ends", async () => {
    const { granted, refusal, setClock } = startAt("2026-03-02T00:00:01Z", daily);
    expect(await granted(6)).toBe(6);
    setClock("2026-03-01T23:00:00Z");
    expect(await granted(6)).toBe(4);
    expect(await refusal()).toEqual({ kind: "QuotaExceeded", resetsAt: new Date("2026-03-03") });
    setClock("2026-03-03T00:00:00Z");
    expect(await granted(10)).toBe(10);
  });

  it("of another length is counted separately", async () => {
    const { granted, setLimit } = startAt("2026-03-15T12:00:00Z", daily);
    expect(await granted(10)).toBe(10);
    setLimit(monthly);
    expect(await granted(10)).toBe(10);
    setLimit(daily);
    expect(await granted(1)).toBe(0);
  });
});

describe("a stored quota's limit", () => {
  it("can be raised in mid-period", async () => {
    const { granted, setLimit } = startAt("2026-03-01T12:00:00Z", daily);
    expect(await granted(10)).toBe(10);
    setLimit({ ...daily, limit: 13 });
    expect(await granted(10)).toBe(3);
  });

  it("can be lowered in mid-period, and what was used before still counts", async () => {
    const { granted, refusal, setClock, setLimit } = startAt("2026-03-01T12:00:00Z", daily);
    expect(await granted(6)).toBe(6);
    setLimit({ ...daily, limit: 8 });
    expect(await granted(10)).toBe(2);
    setLimit({ ...daily, limit: 5 });
    expect(await refusal()).toMatchObject({ kind: "QuotaExceeded" });
    setClock("2026-03-02T00:00:00Z");
    expect(await granted(10)).toBe(5);
  });

  it("has room again once a block returns units", async () => {
    const { quota, reserve, granted, setLimit } = startAt("2026-03-01T12:00:00Z", daily);
    const block = (await reserve(10))._unsafeUnwrap();
    setLimit({ ...daily, limit: 5 });
    (await quota.settle(block, 3))._unsafeUnwrap();
    expect(await granted(10)).toBe(2);
  });

  it("of a new period is not affected by a block of the previous one", async () => {
    const { quota, reserve, granted, setClock } = startAt("2026-03-01T23:59:59Z", daily);
    const block = (await reserve(10))._unsafeUnwrap();
    setClock("2026-03-02T00:00:00Z");
    (await quota.settle(block, 0))._unsafeUnwrap();
    expect([await granted(20), await granted(1)]).toEqual([10, 0]);
  });
});
