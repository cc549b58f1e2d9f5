import { expect } from "vitest";

import type { Identifier } from "../content/identifiers.ts";
import type { Clock } from "../ports/clock.ts";
import type { Quota, QuotaBlock } from "../ports/quota.ts";
import { type Contract, type ContractOptions, describeContract, type Subject } from "./contract.ts";

export interface QuotaSubject extends Subject {
  readonly quota: Quota;
  /** The clock that the quota's periods and blocks go by. */
  readonly clock: Clock;
  /** Lets time pass. No period of a limit that was given may end within an hour of the start. */
  advance(ms: number): Promise<void>;
  /** The tenant has so many units from now on. No tenant is known before. */
  setLimit(tenantId: Identifier, limit: number): void | Promise<void>;
  /** From now on whoever owns the quota cannot be reached. */
  goAway(): void | Promise<void>;
}

export const quotaContract: Contract<QuotaSubject> = {
  port: "Quota",
  cases: [
    {
      name: "Sets 1 to `amount` units aside, to be taken within about `ttlMs`",
      async run({ quota, clock, setLimit }) {
        await setLimit(tenantId, 100);
        const block = (await quota.reserve({ id: requestId(), tenantId, amount: 10, ttlMs: 60_000 }))._unsafeUnwrap();
        expect(block.tenantId).toBe(tenantId);
        expect(block.granted).toBeGreaterThanOrEqual(1);
        expect(block.granted).toBeLessThanOrEqual(10);
        const lifeMs = block.expiresAt.getTime() - clock.now().getTime();
        expect(lifeMs).toBeGreaterThan(55_000);
        expect(lifeMs).toBeLessThan(65_000);
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
      name: "Blocks that are out at one time never add up to more than the tenant has, however many are asked for at once",
      async run({ quota, setLimit }) {
        await setLimit(tenantId, 21);
        const answers = await Promise.all(
          many(50, () => quota.reserve({ id: requestId(), tenantId, amount: 3, ttlMs: 60_000 })),
        );
        expect(total(answers.flatMap((answer) => answer.unwrapOr([])))).toBe(21);
        for (const answer of answers) if (answer.isErr()) expect(answer.error.kind).toBe("QuotaExceeded");
      },
    },
    {
      name: "Repeating a request by its id gives the same block, and sets nothing aside",
      async run(subject) {
        await subject.setLimit(tenantId, 10);
        const request = { id: requestId(), tenantId, amount: 4, ttlMs: 60_000 };
        const ask = async () => {
          const { id, tenantId: of, granted } = (await subject.quota.reserve(request))._unsafeUnwrap();
          return { id, of, granted };
        };
        const answers = await Promise.all(many(20, ask));
        const [block] = answers;
        expect([...answers, await ask()]).toEqual([block, ...answers.map(() => block)]);
        expect(total(await drain(subject, 1))).toBe(10 - (block?.granted ?? 0));
        expect(await ask()).toEqual(block);
      },
    },
    {
      name: "`QuotaExceeded` says that nothing is left",
      async run(subject) {
        await subject.setLimit(tenantId, 7);
        expect(total(await drain(subject, 5))).toBe(7);
        await subject.setLimit("tenant-2", 0);
        expect(await drain(subject, 1, "tenant-2")).toEqual([]);
      },
    },
    {
      name: "Each tenant has a quota of its own",
      async run(subject) {
        await subject.setLimit(tenantId, 3);
        await subject.setLimit("tenant-2", 4);
        expect(total(await drain(subject, 1))).toBe(3);
        expect(total(await drain(subject, 1, "tenant-2"))).toBe(4);
      },
    },
    {
      name: "No such tenant is `TenantUnknown`",
      async run({ quota, setLimit }) {
        await setLimit(tenantId, 3);
        for (const stranger of ["tenant-2", "__proto__"]) {
          const answer = await quota.reserve({ id: requestId(), tenantId: stranger, amount: 1, ttlMs: 60_000 });
          expect(answer._unsafeUnwrapErr().kind).toBe("TenantUnknown");
        }
      },
    },
    {
      name: "Whoever cannot be asked for units is `Unavailable`",
      async run({ quota, setLimit, goAway }) {
        await setLimit(tenantId, 3);
        await goAway();
        const answer = await quota.reserve({ id: requestId(), tenantId, amount: 1, ttlMs: 60_000 });
        expect(answer._unsafeUnwrapErr().kind).toBe("Unavailable");
      },
    },
    {
      name: "the rest goes back",
      async run(subject) {
        await subject.setLimit(tenantId, 10);
        const [block] = await drain(subject, 10);
        if (block) (await subject.quota.settle(block, 4))._unsafeUnwrap();
        expect(total(await drain(subject, 1))).toBe(6);
      },
    },
    {
      name: "May be repeated: the last number wins",
      async run(subject) {
        await subject.setLimit(tenantId, 10);
        const [block] = await drain(subject, 10);
        for (const used of [4, 9, 9, 3, 3]) if (block) (await subject.quota.settle(block, used))._unsafeUnwrap();
        expect(total(await drain(subject, 1))).toBe(7);
      },
    },
    {
      name: "May come late, when the block has expired",
      async run(subject) {
        await subject.setLimit(tenantId, 10);
        const [block] = await drain(subject, 10);
        await subject.advance(120_000);
        if (block) (await subject.quota.settle(block, 2))._unsafeUnwrap();
        expect(total(await drain(subject, 1))).toBe(8);
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
      name: "A settlement that did not arrive is `Unavailable`",
      async run(subject) {
        await subject.setLimit(tenantId, 10);
        const [block] = await drain(subject, 10);
        await subject.goAway();
        const answer = block && (await subject.quota.settle(block, 2));
        expect(answer?._unsafeUnwrapErr().kind).toBe("Unavailable");
      },
    },
  ],
};

export function describeQuotaContract(options: ContractOptions<QuotaSubject>): void {
  describeContract(quotaContract, options);
}

const tenantId = "tenant-1";

let requests = 0;

function requestId(): string {
  return `request-${(requests += 1)}`;
}

/** Every block that is to be had, one after the other. */
async function drain({ quota }: QuotaSubject, amount: number, of = tenantId): Promise<QuotaBlock[]> {
  const blocks: QuotaBlock[] = [];
  for (;;) {
    const answer = await quota.reserve({ id: requestId(), tenantId: of, amount, ttlMs: 60_000 });
    if (answer.isErr()) {
      expect(answer.error.kind).toBe("QuotaExceeded");
      return blocks;
    }
    blocks.push(answer.value);
    if (blocks.length > 100) throw new Error("The quota never ends.");
  }
}

function total(blocks: readonly QuotaBlock[]): number {
  return blocks.reduce((sum, { granted }) => sum + granted, 0);
}

function many<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
