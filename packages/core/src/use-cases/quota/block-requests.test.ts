import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleUnavailable } from "../../contracts/fixtures.ts";
import {
  createInMemoryQuota,
  createInMemoryStore,
  createManualClock,
  createSequentialIds,
  type InMemoryQuota,
} from "../../in-memory/index.ts";
import type { Quota, QuotaRequest } from "../../ports/quota.ts";
import { createBlockRequests } from "./block-requests.ts";

const tenant = "tenant-1";

let clock: ReturnType<typeof createManualClock>;
let store: ReturnType<typeof createInMemoryStore>;
let quota: InMemoryQuota;
let ids: ReturnType<typeof createSequentialIds>;
let asked: QuotaRequest[];
/** Whether the answers to requests are lost after they were granted. */
let losesAnswers: boolean;

beforeEach(() => {
  clock = createManualClock();
  store = createInMemoryStore({ clock });
  quota = createInMemoryQuota({ clock, limitOf: () => ({ limit: 100, period: "none" }) });
  ids = createSequentialIds();
  asked = [];
  losesAnswers = false;
});

/** A process on what is in the store. */
function create(changed: { ledger?: Partial<typeof store.quotaLedger>; quota?: Partial<Quota> } = {}) {
  const reserve: Quota["reserve"] = (request) => {
    asked.push(request);
    const answer = quota.reserve(request);
    return losesAnswers ? answer.andThen(() => errAsync(exampleUnavailable)) : answer;
  };
  return createBlockRequests({
    clock,
    ids,
    quota: { settle: quota.settle, reserve, ...changed.quota },
    quotaLedger: { ...store.quotaLedger, ...changed.ledger },
  });
}

const own = new Set<string>();
const open = async () => (await store.quotaLedger.unsettled())._unsafeUnwrap().map(({ block }) => block.id);
const requested = async () => (await store.quotaLedger.requested())._unsafeUnwrap().map(({ id }) => id);

describe("a request for a block", () => {
  it("is in the ledger before it is sent, and its block takes its place", async () => {
    const seen: string[][] = [];
    const requests = create({
      quota: {
        reserve: (request) =>
          ResultAsync.fromSafePromise(requested().then((list) => seen.push(list))).andThen(() =>
            quota.reserve(request),
          ),
      },
    });
    const { block } = (await requests.reserve(tenant, 10, own))._unsafeUnwrap();
    expect([seen, await requested(), await open(), own.has(block.id)]).toEqual([
      [["request-000001"]],
      [],
      [block.id],
      true,
    ]);
  });

  it("is not sent if it cannot be recorded", async () => {
    const requests = create({ ledger: { request: () => errAsync(exampleUnavailable) } });
    expect((await requests.reserve(tenant, 10, own)).isErr()).toBe(true);
    expect(asked).toEqual([]);
  });

  it("that was granted nothing leaves nothing in the ledger", async () => {
    const requests = create();
    (await requests.reserve(tenant, 100, own))._unsafeUnwrap();
    expect((await requests.reserve(tenant, 1, own))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
    expect(await requested()).toEqual([]);
  });

  it("without an answer is repeated by the next, and wastes no unit", async () => {
    const requests = create();
    losesAnswers = true;
    expect((await requests.reserve(tenant, 100, own)).isErr()).toBe(true);
    expect(quota.used(tenant)).toBe(100);
    losesAnswers = false;
    const { block } = (await requests.reserve(tenant, 1, own))._unsafeUnwrap();
    expect([block.granted, asked[0]?.id === asked[1]?.id, await requested()]).toEqual([100, true, []]);
  });

  it("whose late answer is an expired block is sent again", async () => {
    const requests = create();
    losesAnswers = true;
    expect((await requests.reserve(tenant, 60, own)).isErr()).toBe(true);
    losesAnswers = false;
    await clock.advance(60_001);
    const { block } = (await requests.reserve(tenant, 60, own))._unsafeUnwrap();
    expect([block.id, quota.used(tenant), await requested()]).toEqual([asked.at(-1)?.id, 60, []]);
  });

  it("whose block cannot be recorded returns it", async () => {
    const requests = create({ ledger: { open: () => errAsync(exampleUnavailable) } });
    expect((await requests.reserve(tenant, 60, own)).isErr()).toBe(true);
    expect([quota.used(tenant), await requested()]).toEqual([0, []]);
  });
});

describe("recovery of requests", () => {
  it("returns what a process was granted that ended before the answer arrived", async () => {
    losesAnswers = true;
    expect((await create().reserve(tenant, 100, own)).isErr()).toBe(true);
    losesAnswers = false;
    await create().recover();
    expect([quota.used(tenant), await requested(), asked.length]).toEqual([0, [], 2]);
  });

  it("tries again later if the quota does not answer, or the return fails", async () => {
    losesAnswers = true;
    const requests = create();
    expect((await requests.reserve(tenant, 100, own)).isErr()).toBe(true);
    await requests.recover();
    expect(await requested()).toHaveLength(1);
    losesAnswers = false;
    await create({ quota: { settle: () => errAsync(exampleUnavailable) } }).recover();
    expect([quota.used(tenant), (await requested()).length]).toEqual([100, 1]);
    await requests.recover();
    expect([quota.used(tenant), await requested()]).toEqual([0, []]);
  });

  it("is not blocked by a tenant whose requests get no answer, and uses no block that it requested again", async () => {
    losesAnswers = true;
    for (const name of ["tenant-bad", tenant]) expect((await create().reserve(name, 50, own)).isErr()).toBe(true);
    losesAnswers = false;
    const requests = create({
      quota: {
        reserve: (request) =>
          request.tenantId === tenant
            ? quota.reserve(request)
            : errAsync<never, typeof exampleUnavailable>(exampleUnavailable),
      },
    });
    await requests.recover();
    expect([quota.used(tenant), (await requested()).length]).toEqual([0, 1]);
    losesAnswers = true;
    const other = create();
    await other.recover();
    losesAnswers = false;
    const { block } = (await other.reserve("tenant-bad", 10, own))._unsafeUnwrap();
    expect(block.granted).toBe(10);
  });

  it("leaves a request in progress alone", async () => {
    const answering = Promise.withResolvers<void>();
    const requests = create({
      quota: {
        reserve(request) {
          asked.push(request);
          return ResultAsync.fromSafePromise(answering.promise).andThen(() => quota.reserve(request));
        },
      },
    });
    const reserving = requests.reserve(tenant, 10, own);
    await clock.advance(0);
    expect(await requested()).toHaveLength(1);
    const recovering = requests.recover();
    await clock.advance(0);
    answering.resolve();
    const { block } = (await reserving)._unsafeUnwrap();
    await recovering;
    expect([asked.length, quota.used(tenant), await open()]).toEqual([1, 10, [block.id]]);
  });

  it("leaves a request alone that was answered since the ledger was read", async () => {
    const reading = Promise.withResolvers<void>();
    const requests = create({
      ledger: {
        requested: () =>
          ResultAsync.fromSafePromise(requested())
            .andThen(() => store.quotaLedger.requested())
            .andThen((list) => ResultAsync.fromSafePromise(reading.promise).map(() => list)),
        request: (request) =>
          store.quotaLedger.request(request).andThen(() => {
            recovering ??= requests.recover();
            return okAsync(undefined);
          }),
      },
    });
    let recovering: Promise<void> | undefined;
    const { block } = (await requests.reserve(tenant, 10, own))._unsafeUnwrap();
    reading.resolve();
    await recovering;
    expect([asked.length, quota.used(tenant), await open()]).toEqual([1, 10, [block.id]]);
  });
});
