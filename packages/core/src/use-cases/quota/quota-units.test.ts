import { err, errAsync, ok, okAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import {
  exampleMessage,
  exampleOutcomes,
  exampleUnavailable,
  withIntent,
  withOutcome,
} from "../../contracts/fixtures.ts";
import { conclude } from "../../domain/message-changes.ts";
import {
  createInMemoryQuota,
  createInMemoryStore,
  createManualClock,
  createRecordingTelemetry,
  createSequentialIds,
  type InMemoryQuota,
} from "../../in-memory/index.ts";
import type { Quota, QuotaRequest } from "../../ports/quota.ts";
import type { QuotaLedger } from "../../ports/store/quota-ledger.ts";
import { createQuotaUnits } from "./quota-units.ts";

const tenant = "tenant-1";

let clock: ReturnType<typeof createManualClock>;
let store: ReturnType<typeof createInMemoryStore>;
let telemetry: ReturnType<typeof createRecordingTelemetry>;
let quota: InMemoryQuota;
let asked: QuotaRequest[];
let settled: number[];
let limit: number;
let ids: ReturnType<typeof createSequentialIds>;

beforeEach(() => {
  limit = 100_000;
  ids = createSequentialIds();
  asked = [];
  settled = [];
  clock = createManualClock();
  store = createInMemoryStore({ clock });
  telemetry = createRecordingTelemetry();
  quota = createInMemoryQuota({ clock, limitOf: () => ({ limit, period: "none" }) });
});

function createUnits({ settle, ledger }: { settle?: Quota["settle"]; ledger?: Partial<QuotaLedger> } = {}) {
  return createQuotaUnits({
    clock,
    telemetry,
    ids,
    quotaLedger: { ...store.quotaLedger, ...ledger },
    quota: {
      reserve(request) {
        asked.push(request);
        return quota.reserve(request);
      },
      settle(block, used) {
        settled.push(used);
        return (settle ?? quota.settle)(block, used);
      },
    },
  });
}

type Units = ReturnType<typeof createUnits>;

const use = (units: Units, kept = true, tenantId = tenant) =>
  units.withUnit(
    tenantId,
    () => (kept ? "used" : "unused"),
    () => okAsync(1),
  );

async function useMany(units: Units, count: number) {
  for (let index = 0; index < count; index += 1) (await use(units))._unsafeUnwrap();
}

async function openBlocks() {
  return (await store.quotaLedger.unsettled())._unsafeUnwrap().map(({ block }) => block.granted);
}

describe("blocks", () => {
  it("save a round trip for each unit", async () => {
    const units = createUnits();
    await useMany(units, 100);
    expect(asked.map(({ amount }) => amount)).toEqual([100]);
  });

  it("are requested once, however many units are needed at the same time", async () => {
    const units = createUnits();
    await Promise.all(Array.from({ length: 100 }, () => use(units)));
    expect(asked).toHaveLength(1);
  });

  it("grow for a tenant that sends fast, up to 1,000", async () => {
    const units = createUnits();
    await useMany(units, 2000);
    expect(asked.map(({ amount }) => amount)).toEqual([100, 100, 200, 400, 800, 1000]);
  });

  it("are requested one unit at a time when the last was short", async () => {
    limit = 30;
    const units = createUnits();
    await useMany(units, 30);
    expect((await use(units))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
    limit = 31;
    await useMany(units, 1);
    expect(asked.map(({ amount }) => amount)).toEqual([100, 1, 1]);
  });

  it("are recorded before their first unit is used", async () => {
    const units = createUnits();
    const seen = units.withUnit(
      tenant,
      () => "used",
      () => ResultAsync.fromSafePromise(openBlocks()),
    );
    expect((await seen)._unsafeUnwrap()).toEqual([100]);
  });

  it("are returned unused when they cannot be recorded", async () => {
    const units = createUnits({ ledger: { open: () => errAsync(exampleUnavailable) } });
    expect((await use(units))._unsafeUnwrapErr()).toEqual(exampleUnavailable);
    expect(quota.used(tenant)).toBe(0);
  });

  it("provide no unit once they have expired", async () => {
    const units = createUnits();
    (await use(units))._unsafeUnwrap();
    await clock.advance(60_000);
    (await use(units))._unsafeUnwrap();
    expect(asked).toHaveLength(2);
  });
});

describe("a unit", () => {
  it("is returned if it was not used, and taken again", async () => {
    limit = 1;
    const units = createUnits();
    expect((await use(units, false)).isOk()).toBe(true);
    expect((await use(units)).isOk()).toBe(true);
    expect((await use(units))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
  });

  it("is never taken twice, however many calls run at once", async () => {
    limit = 5;
    const units = createUnits();
    let most = 0;
    let out = 0;
    const work = () =>
      ResultAsync.fromSafePromise(
        (async () => {
          most = Math.max(most, (out += 1));
          await clock.sleep(1000);
          out -= 1;
        })(),
      );
    const all = Promise.all(Array.from({ length: 50 }, () => units.withUnit(tenant, () => "unused", work)));
    const results = await clock.runUntil(all);
    expect(results.filter((result) => result.isOk())).toHaveLength(5);
    expect(most).toBe(5);
  });

  it("is used or returned by the result of the work", async () => {
    const units = createUnits();
    const useOf = (result: { isErr(): boolean }) => (result.isErr() ? "used" : "unused");
    for (const result of [ok(1), err("no"), ok(1)]) {
      const work = () => new ResultAsync<number, string>(Promise.resolve(result));
      expect(await units.withUnit(tenant, useOf, work)).toEqual(result);
    }
    await units.settle("all");
    expect(quota.used(tenant)).toBe(1);
  });

  it("is at hand while a block has one left, and again once one is given back unused", async () => {
    const units = createUnits();
    expect([units.takeNow(tenant), asked.length]).toEqual([undefined, 0]);
    const [unit] = [(await units.take(tenant))._unsafeUnwrap()];
    const rest = Array.from({ length: 99 }, () => units.takeNow(tenant));
    expect([new Set([unit, ...rest]).size, units.takeNow(tenant), asked.length]).toEqual([1, undefined, 1]);
    for (const [index, held] of [unit, ...rest].entries())
      if (held) units.giveBack(held, index < 60 ? "used" : "unused");
    expect(units.takeNow(tenant)).toBe(unit);
    units.giveBack(unit, "unused");
    await units.settle("all");
    expect([quota.used(tenant), asked.length]).toEqual([60, 1]);
  });

  it("stays used when the work throws, and the error is rethrown", async () => {
    const units = createUnits();
    const thrown = units.withUnit(
      tenant,
      () => "unused",
      () => {
        throw new Error("a defect");
      },
    );
    await expect(Promise.resolve(thrown)).rejects.toThrow("a defect");
    await units.settle("all");
    expect(quota.used(tenant)).toBe(1);
  });

  it("is taken from its own tenant", async () => {
    const units = createUnits();
    (await use(units, true, "tenant-1"))._unsafeUnwrap();
    (await use(units, true, "tenant-2"))._unsafeUnwrap();
    await units.settle("all");
    expect([quota.used("tenant-1"), quota.used("tenant-2")]).toEqual([1, 1]);
  });
});

describe("settling", () => {
  it("leaves a block in use alone, and returns one that is idle for 5 s", async () => {
    const units = createUnits();
    await useMany(units, 3);
    await units.settle();
    expect(settled).toEqual([]);
    await clock.advance(5000);
    await units.settle();
    expect([quota.used(tenant), await openBlocks()]).toEqual([3, []]);
  });

  it("happens at once for a block that is used up", async () => {
    const units = createUnits();
    await useMany(units, 100);
    await units.settle();
    expect([settled, await openBlocks()]).toEqual([[100], []]);
  });

  it("is repeated when a unit is returned late, and the ledger keeps the block until then", async () => {
    const units = createUnits();
    const { promise, resolve } = Promise.withResolvers<void>();
    const working = units.withUnit(
      tenant,
      () => "unused",
      () => ResultAsync.fromSafePromise(promise),
    );
    await clock.advance(60_000);
    await units.settle();
    expect([settled, await openBlocks()]).toEqual([[1], [100]]);
    resolve();
    (await working)._unsafeUnwrap();
    await units.settle();
    expect([settled, await openBlocks(), quota.used(tenant)]).toEqual([[1, 0], [], 0]);
  });

  it("is retried with growing pauses while the quota does not answer", async () => {
    let failures = 3;
    const units = createUnits({
      settle: (block, used) => (failures-- > 0 ? errAsync(exampleUnavailable) : quota.settle(block, used)),
    });
    (await use(units))._unsafeUnwrap();
    for (let second = 0; second < 20; second += 1) {
      await clock.advance(1000);
      await units.settle();
    }
    expect([settled, quota.used(tenant), await openBlocks()]).toEqual([[1, 1, 1, 1], 1, []]);
    expect(telemetry.events.filter(({ kind }) => kind === "QuotaUnsettled")).toHaveLength(3);
  });

  it("of all blocks does not wait", async () => {
    let isDown = true;
    const units = createUnits({
      settle: (block, used) => (isDown ? errAsync(exampleUnavailable) : quota.settle(block, used)),
    });
    (await use(units))._unsafeUnwrap();
    await units.settle("all");
    isDown = false;
    await units.settle("all");
    expect(quota.used(tenant)).toBe(1);
  });
});

describe("recovery", () => {
  it("settles the blocks of an earlier process by its messages", async () => {
    const block = (await quota.reserve({ id: "r", tenantId: tenant, amount: 100, ttlMs: 60_000 }))._unsafeUnwrap();
    (await store.quotaLedger.open(block, "r"))._unsafeUnwrap();
    for (const _ of [1, 2]) {
      const sent = withOutcome(withIntent(exampleMessage({ quotaBlockId: block.id })), exampleOutcomes.Accepted);
      (await store.messages.accept(sent))._unsafeUnwrap();
    }
    await createUnits().recover();
    expect([quota.used(tenant), await openBlocks()]).toEqual([2, []]);
  });

  it("keeps a block while one of its messages may still return its unit", async () => {
    const block = (await quota.reserve({ id: "r", tenantId: tenant, amount: 100, ttlMs: 60_000 }))._unsafeUnwrap();
    (await store.quotaLedger.open(block, "r"))._unsafeUnwrap();
    const message = exampleMessage({ quotaBlockId: block.id });
    (await store.messages.accept(message))._unsafeUnwrap();
    const units = createUnits();
    await units.recover();
    expect([quota.used(tenant), await openBlocks()]).toEqual([1, [100]]);
    const refused = conclude(message, { as: "refused", at: clock.now() });
    (await store.messages.commit({ next: refused }))._unsafeUnwrap();
    await units.recover();
    expect([quota.used(tenant), await openBlocks(), settled]).toEqual([0, [], [1, 0]]);
  });

  it("settles a block of this process once only queued messages hold its units", async () => {
    const units = createUnits();
    let message = exampleMessage();
    (
      await units.withUnit(
        tenant,
        () => "left",
        (blockId) => {
          message = { ...message, quotaBlockId: blockId };
          return store.messages.accept(message);
        },
      )
    )._unsafeUnwrap();
    await units.settle("all");
    await units.recover();
    expect([quota.used(tenant), await openBlocks()]).toEqual([1, [100]]);
    const refused = conclude(message, { as: "refused", at: clock.now() });
    (await store.messages.commit({ next: refused }))._unsafeUnwrap();
    await units.recover();
    expect([quota.used(tenant), await openBlocks()]).toEqual([0, []]);
  });

  it("tells telemetry how many units were granted, and what each settlement adds", async () => {
    limit = 60;
    const units = createUnits();
    await useMany(units, 2);
    await units.settle("all");
    const [block] = (await store.quotaLedger.unsettled())._unsafeUnwrap();
    expect(block).toBeUndefined();
    expect(telemetry.events).toEqual([
      { kind: "QuotaReserved", tenantId: tenant, blockId: expect.any(String), requested: 100, granted: 60 },
      { kind: "QuotaSettled", tenantId: tenant, blockId: expect.any(String), used: 2, before: 0 },
    ]);
  });

  it("reports a ledger that cannot be read", async () => {
    await createUnits({ ledger: { unsettled: () => errAsync(exampleUnavailable) } }).recover();
    expect(telemetry.events).toEqual([expect.objectContaining({ kind: "BackgroundFault", where: "quota" })]);
  });
});

describe("a block that cannot be used", () => {
  it.each([
    ["has expired when it comes", { expiresAt: new Date(0) }],
    ["is empty", { granted: 0 }],
  ])("%s is given back, and nothing is asked again and again", async (_, spoilt) => {
    let reserved = 0;
    const settledWith: number[] = [];
    const units = createQuotaUnits({
      clock,
      telemetry,
      ids,
      quotaLedger: store.quotaLedger,
      quota: {
        reserve(request) {
          reserved += 1;
          return quota.reserve(request).map((block) => ({ ...block, ...spoilt }));
        },
        settle(block, used) {
          settledWith.push(used);
          return quota.settle(block, used);
        },
      },
    });
    expect((await use(units))._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
    expect([reserved, settledWith]).toEqual([1, [0]]);
  });
});

describe("recovery during sends", () => {
  it("leaves the blocks of this process alone", async () => {
    const earlier = createUnits();
    await useMany(earlier, 3);
    let answerUnsettled: () => void = () => {};
    const asked = new Promise<void>((resolve) => (answerUnsettled = resolve));
    const units = createUnits({
      ledger: { unsettled: () => ResultAsync.fromSafePromise(asked).andThen(() => store.quotaLedger.unsettled()) },
    });
    const recovering = units.recover();
    await useMany(units, 5);
    answerUnsettled();
    await recovering;
    expect(settled).toEqual([0]);
    expect(await openBlocks()).toEqual([100]);
  });
});
