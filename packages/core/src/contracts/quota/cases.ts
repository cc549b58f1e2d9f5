import { expect } from "vitest";

import type { Quota, QuotaBlock, QuotaStanding } from "../../ports/quota.ts";
import type { Case } from "../contract.ts";
import type { QuotaSubject } from "./subject.ts";
import { failsWith, isSuccess, succeeds } from "../results.ts";

export const quotaCases: readonly Case<QuotaSubject>[] = [
  {
    name: "Reserves 1 to `amount` units, to be used within about `ttlMs`",
    async run({ quota, clock, setLimit }) {
      await setLimit(tenantId, 100);
      const block = succeeds(await quota.reserve({ id: requestId(), tenantId, amount: 10, ttlMs: 60_000 }));
      expect(block.tenantId).toBe(tenantId);
      expect(block.granted).toBeGreaterThanOrEqual(1);
      expect(block.granted).toBeLessThanOrEqual(10);
      const lifeMs = block.expiresAt.getTime() - clock.now().getTime();
      expect(lifeMs, "how long the block lives, in milliseconds").toBeGreaterThan(30_000);
      expect(lifeMs, "how long the block lives, in milliseconds").toBeLessThan(90_000);
    },
  },
  {
    name: "Each block has an id of its own",
    async run(subject) {
      await subject.setLimit(tenantId, 10);
      await subject.setLimit("tenant-2", 10);
      const ids = [...(await drain(subject, 2)), ...(await drain(subject, 2, "tenant-2"))].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    },
  },
  {
    name: "Blocks never add up to more than the tenant has, however many are requested at once",
    async run({ quota, setLimit }) {
      await setLimit(tenantId, 21);
      const answers = await Promise.all(
        many(50, () => quota.reserve({ id: requestId(), tenantId, amount: 3, ttlMs: 60_000 })),
      );
      const granted = answers.flatMap((answer) => (isSuccess(answer) ? [answer.value] : []));
      expect(total(granted), "units granted of 21").toBe(21);
      for (const answer of answers) if (!isSuccess(answer)) failsWith("QuotaExceeded", answer);
    },
  },
  {
    name: "Repeating a request by its id returns the same block and reserves nothing",
    async run(subject) {
      await subject.setLimit(tenantId, 10);
      const request = { id: requestId(), tenantId, amount: 4, ttlMs: 60_000 };
      const ask = async () => {
        const { id, tenantId: of, granted } = succeeds(await subject.quota.reserve(request));
        return { id, of, granted };
      };
      const answers = await Promise.all(many(20, ask));
      const [block] = answers;
      expect([...answers, await ask()]).toEqual([block, ...answers.map(() => block)]);
      expect(total(await drain(subject, 1)), "units left of 10").toBe(10 - (block?.granted ?? 0));
      expect(await ask()).toEqual(block);
    },
  },
  {
    name: "Where nothing is left the answer is `QuotaExceeded`",
    async run(subject) {
      await subject.setLimit(tenantId, 7);
      expect(total(await drain(subject, 5)), "units granted of 7").toBe(7);
      await subject.setLimit("tenant-2", 0);
      expect(await drain(subject, 1, "tenant-2")).toEqual([]);
    },
  },
  {
    name: "Each tenant has a quota of its own",
    async run(subject) {
      await subject.setLimit(tenantId, 3);
      await subject.setLimit("tenant-2", 4);
      expect(total(await drain(subject, 1)), "units granted of 3").toBe(3);
      expect(total(await drain(subject, 1, "tenant-2")), "units granted of 4").toBe(4);
    },
  },
  {
    name: "For an unknown tenant the answer is `TenantUnknown`",
    async run({ quota, setLimit }) {
      await setLimit(tenantId, 3);
      for (const stranger of ["tenant-2", "__proto__"]) {
        const answer = await quota.reserve({ id: requestId(), tenantId: stranger, amount: 1, ttlMs: 60_000 });
        failsWith("TenantUnknown", answer);
      }
    },
  },
  {
    name: "Where the quota cannot be reached the answer is `Unavailable`",
    async run({ quota, setLimit, goAway }) {
      await setLimit(tenantId, 3);
      await goAway();
      const answer = await quota.reserve({ id: requestId(), tenantId, amount: 1, ttlMs: 60_000 });
      failsWith("Unavailable", answer);
    },
  },
  {
    name: "the rest is returned",
    async run(subject) {
      await subject.setLimit(tenantId, 10);
      const block = await firstBlock(subject);
      const used = Math.min(4, block.granted);
      succeeds(await subject.quota.settle(block, used));
      expect(total(await drain(subject, 1)), returned).toBe(block.granted - used);
    },
  },
  {
    name: "May be repeated: the last number wins",
    async run(subject) {
      await subject.setLimit(tenantId, 10);
      const block = await firstBlock(subject);
      const settlements = [4, 9, 9, 3, 3].map((used) => Math.min(used, block.granted));
      for (const used of settlements) succeeds(await subject.quota.settle(block, used));
      expect(total(await drain(subject, 1)), returned).toBe(block.granted - Math.min(3, block.granted));
    },
  },
  {
    name: "May come late, when the block has expired",
    async run(subject) {
      await subject.setLimit(tenantId, 10);
      const block = await firstBlock(subject);
      await subject.advance(120_000);
      const used = Math.min(2, block.granted);
      succeeds(await subject.quota.settle(block, used));
      expect(total(await drain(subject, 1)), returned).toBe(block.granted - used);
    },
  },
  {
    name: "A block that is never settled counts as used in full",
    async run(subject) {
      await subject.setLimit(tenantId, 10);
      await drain(subject, 10);
      await subject.advance(1_800_000);
      expect(await drain(subject, 10)).toEqual([]);
    },
  },
  {
    name: "says how many units the tenant may use, and how many of them are used or reserved, and reserves nothing",
    async run(subject) {
      await subject.setLimit(tenantId, 10);
      expect(await standing(subject)).toMatchObject({ limit: 10, used: 0 });
      const block = await blockOf(subject, 6);
      expect(await standing(subject)).toMatchObject({ limit: 10, used: 6 });
      for (const used of [2, 2]) succeeds(await subject.quota.settle(block, used));
      for (let time = 0; time < 3; time += 1) expect(await standing(subject)).toMatchObject({ limit: 10, used: 2 });
      expect(total(await drain(subject, 1)), "units left of 10").toBe(8);
    },
  },
  {
    name: "For the standing of an unknown tenant the answer is `TenantUnknown`",
    async run({ quota, setLimit }) {
      await setLimit(tenantId, 3);
      failsWith("TenantUnknown", await present(quota)("tenant-2"));
    },
  },
  {
    name: "Where the quota cannot be reached its standing is `Unavailable`",
    async run({ quota, setLimit, goAway }) {
      await setLimit(tenantId, 3);
      await goAway();
      failsWith("Unavailable", await present(quota)(tenantId));
    },
  },
  {
    name: "Where a settlement did not arrive the answer is `Unavailable`",
    async run(subject) {
      await subject.setLimit(tenantId, 10);
      const block = await firstBlock(subject);
      await subject.goAway();
      const answer = await subject.quota.settle(block, 1);
      failsWith("Unavailable", answer);
    },
  },
];

const tenantId = "tenant-1";
const returned = "units that the settlement returned";

let requests = 0;

function requestId(): string {
  return `request-${(requests += 1)}`;
}

/** The first of the blocks in which the tenant's 10 units are granted; a quota may grant fewer than is asked for. */
async function firstBlock(subject: QuotaSubject): Promise<QuotaBlock> {
  const [block] = await drain(subject, 10);
  if (!block) expect.fail("expected a block, and the quota granted none of 10 units");
  return block;
}

/** One block of that many units. */
async function blockOf({ quota }: QuotaSubject, amount: number): Promise<QuotaBlock> {
  return succeeds(await quota.reserve({ id: requestId(), tenantId, amount, ttlMs: 60_000 }));
}

async function standing({ quota }: QuotaSubject): Promise<QuotaStanding> {
  return succeeds(await present(quota)(tenantId));
}

function present({ standing: say }: Quota): NonNullable<Quota["standing"]> {
  return say ?? expect.fail("the quota has no `standing`: skip this case if it cannot say it");
}

/** Reserves every remaining block, one after another. */
async function drain({ quota }: QuotaSubject, amount: number, of = tenantId): Promise<QuotaBlock[]> {
  const blocks: QuotaBlock[] = [];
  for (;;) {
    const answer = await quota.reserve({ id: requestId(), tenantId: of, amount, ttlMs: 60_000 });
    if (!isSuccess(answer)) {
      failsWith("QuotaExceeded", answer);
      return blocks;
    }
    blocks.push(answer.value);
    if (blocks.length > 100)
      expect.fail(`the quota granted more than 100 blocks of ${amount} and never \`QuotaExceeded\``);
  }
}

function total(blocks: readonly QuotaBlock[]): number {
  return blocks.reduce((sum, { granted }) => sum + granted, 0);
}

function many<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
