import { errAsync, okAsync } from "neverthrow";
import { beforeEach, expect, it } from "vitest";

import { exampleUnavailable } from "../../contracts/fixtures.ts";
import { createInMemoryStore, createManualClock, createRecordingTelemetry } from "../../in-memory/index.ts";
import { type HeldBlock, isDue, countByStore, lendingBlock, recoveredBlock, returnUnit, takeUnit } from "./block.ts";
import { createSettleBlock } from "./settle-block.ts";

const block = { id: "b", tenantId: "t", granted: 3, expiresAt: new Date(30_000) };

let held: HeldBlock;
let told: number[];
let isAway: boolean;
let closed: string[];

beforeEach(() => {
  held = lendingBlock({ block, validUntilMs: 30_000 }, 0);
  told = [];
  isAway = false;
  closed = [];
});

function settle(now = 0): Promise<boolean> {
  const { quotaLedger } = createInMemoryStore({ clock: createManualClock() });
  return createSettleBlock({
    quota: {
      reserve: () => errAsync(exampleUnavailable),
      settle: (_, used) => (told.push(used), isAway ? errAsync(exampleUnavailable) : okAsync()),
    },
    quotaLedger: { ...quotaLedger, close: ({ id }) => (closed.push(id), okAsync()) },
    telemetry: createRecordingTelemetry(),
  })(held, now);
}

it("no more units are taken from a settled block, and it is closed once no call holds one", async () => {
  expect([takeUnit(held, 0), takeUnit(held, 0)]).toEqual([true, true]);
  returnUnit(held, "used");
  expect([await settle(), takeUnit(held, 0), isDue(held, 0)]).toEqual([false, false, false]);
  returnUnit(held, "unused");
  expect([isDue(held, 0), await settle()]).toEqual([true, true]);
  expect([told, closed]).toEqual([[2, 1], ["b"]]);
});

it("a block of which a message keeps a unit stays in the ledger", async () => {
  takeUnit(held, 0);
  returnUnit(held, "left");
  expect([await settle(), closed]).toEqual([true, []]);
});

it("a recovered block is closed, even after a recount", async () => {
  held = recoveredBlock(block);
  countByStore(held);
  expect([takeUnit(held, 0), await settle(), closed]).toEqual([false, true, ["b"]]);
});

it("after a failure the number of used units is reported again, even an earlier one, since it may not have arrived", async () => {
  held = recoveredBlock(block);
  Object.assign(held, { used: 2, open: 1 });
  await settle();
  isAway = true;
  held.used = 1;
  await settle();
  isAway = false;
  held.used = 2;
  expect([isDue(held, 999), isDue(held, 1000)]).toEqual([false, true]);
  await settle(1000);
  expect(told).toEqual([2, 1, 2]);
});

it("a block is settled by one call at a time", async () => {
  const first = settle();
  expect([isDue(held, 30_000), await settle(), await first, told]).toEqual([false, false, true, [0]]);
});
