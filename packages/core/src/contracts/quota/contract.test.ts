import { errAsync, okAsync, ResultAsync } from "neverthrow";

import { createInMemoryQuota, createManualClock } from "../../in-memory/index.ts";
import type { Quota, QuotaBlock, QuotaStanding } from "../../ports/quota.ts";
import type { QuotaLimit } from "../../use-cases/quota/stored-quota.ts";
import { exampleUnavailable } from "../fixtures.ts";
import { describeQuotaContract, quotaContract } from "./contract.ts";
import type { QuotaSubject } from "./subject.ts";
import { describeSabotage } from "../sabotage.ts";

const setup = (): QuotaSubject => {
  const clock = createManualClock();
  const limits = new Map<string, QuotaLimit>();
  const quota = createInMemoryQuota({ clock, limitOf: (tenantId) => limits.get(tenantId) });
  let away = false;
  return {
    quota: {
      reserve: (request) => (away ? errAsync(exampleUnavailable) : quota.reserve(request)),
      settle: (block, used) => (away ? errAsync(exampleUnavailable) : quota.settle(block, used)),
      standing: (tenantId) => (away ? errAsync(exampleUnavailable) : standingOf(quota, tenantId)),
    },
    clock,
    advance: clock.advance,
    setLimit: (tenantId, limit) => void limits.set(tenantId, { limit, period: "none" }),
    goAway: () => {
      away = true;
    },
  };
};

function standingOf({ standing }: Quota, tenantId: string) {
  if (!standing) throw new Error("the quota does not say how it stands");
  return standing(tenantId);
}

const broken = (change: (quota: Quota, subject: QuotaSubject) => Partial<Quota>) => (subject: QuotaSubject) => ({
  ...subject,
  quota: { ...subject.quota, ...change(subject.quota, subject) },
});

const brokenStanding = (spoil: (standing: QuotaStanding) => Partial<QuotaStanding>) =>
  broken((quota) => ({
    standing: (tenantId) => standingOf(quota, tenantId).map((standing) => ({ ...standing, ...spoil(standing) })),
  }));

describeQuotaContract({
  name: "in-memory quota",
  setup,
  skip: [
    {
      reason: "it cannot go away",
      tests: [
        "Where the quota cannot be reached the answer is `Unavailable`",
        "Where a settlement did not arrive the answer is `Unavailable`",
        "Where the quota cannot be reached its standing is `Unavailable`",
      ],
    },
  ],
});

describeSabotage(quotaContract, {
  setup,
  sabotages: {
    "Reserves 1 to `amount` units, to be used within about `ttlMs`": broken((quota, { clock }) => ({
      reserve: (request) => quota.reserve(request).map((block) => ({ ...block, expiresAt: clock.now() })),
    })),
    "Each block has an id of its own": broken((quota) => {
      const originals = new Map<string, QuotaBlock>();
      return {
        reserve: (request) =>
          quota.reserve(request).map((block) => {
            const own = [...originals.values()].filter((other) => other.tenantId === block.tenantId);
            const known = own.findIndex(({ id }) => id === block.id);
            const number = known === -1 ? own.length : known;
            originals.set(`${block.tenantId} ${number}`, block);
            return { ...block, id: String(number) };
          }),
        settle: (block, used) => quota.settle(originals.get(`${block.tenantId} ${block.id}`) ?? block, used),
      };
    }),
    "Blocks never add up to more than the tenant has, however many are requested at once": broken((quota) => {
      let underWay: { id: string; answer: ReturnType<Quota["reserve"]> } | undefined;
      let copies = 0;
      return {
        reserve(request) {
          if (underWay && underWay.id !== request.id) {
            return underWay.answer.map((block) => ({ ...block, id: `copy-${(copies += 1)}` }));
          }
          underWay = { id: request.id, answer: quota.reserve(request) };
          queueMicrotask(() => (underWay = undefined));
          return underWay.answer;
        },
      };
    }),
    "Repeating a request by its id returns the same block and reserves nothing": [
      broken((quota) => {
        let requests = 0;
        return { reserve: (request) => quota.reserve({ ...request, id: `${request.id} ${(requests += 1)}` }) };
      }),
      broken((quota) => {
        const blocks = new Map<string, QuotaBlock>();
        let repeats = 0;
        return {
          reserve(request) {
            const known = blocks.get(request.id);
            const again = { ...request, id: `${request.id} ${(repeats += 1)}` };
            return known
              ? quota
                  .reserve(again)
                  .map(() => known)
                  .orElse(() => okAsync(known))
              : quota.reserve(request).andTee((block) => blocks.set(request.id, block));
          },
        };
      }),
    ],
    "Where nothing is left the answer is `QuotaExceeded`": broken((quota) => ({
      reserve: (request) =>
        quota
          .reserve(request)
          .andThen((block) =>
            block.granted < request.amount
              ? quota.settle(block, 0).andThen(() => errAsync({ kind: "QuotaExceeded" } as const))
              : okAsync(block),
          ),
    })),
    "Each tenant has a quota of its own": broken((quota) => ({
      reserve: (request) =>
        quota.reserve(request).andThen((block) =>
          request.tenantId === "tenant-1"
            ? quota
                .reserve({ ...request, id: `${request.id} too`, tenantId: "tenant-2" })
                .map(() => block)
                .orElse(() => okAsync(block))
            : okAsync(block),
        ),
    })),
    "For an unknown tenant the answer is `TenantUnknown`": broken((quota) => ({
      reserve: (request) =>
        quota.reserve(request).mapErr((error) => (error.kind === "TenantUnknown" ? { kind: "QuotaExceeded" } : error)),
    })),
    "Where the quota cannot be reached the answer is `Unavailable`": broken((quota) => ({
      reserve: (request) =>
        quota.reserve(request).mapErr((error) => (error.kind === "Unavailable" ? { kind: "QuotaExceeded" } : error)),
    })),
    "the rest is returned": broken((quota, { clock }) => {
      const asked = new Set<string>();
      return {
        settle(block, used) {
          const isFirst = !asked.has(block.id) && block.expiresAt > clock.now();
          asked.add(block.id);
          return quota.settle(block, isFirst ? block.granted : used);
        },
      };
    }),
    "May be repeated: the last number wins": broken((quota) => {
      const settled = new Set<string>();
      return {
        settle(block, used) {
          if (settled.has(block.id)) return okAsync(undefined);
          settled.add(block.id);
          return quota.settle(block, used);
        },
      };
    }),
    "May come late, when the block has expired": broken((quota, { clock }) => ({
      settle: (block, used) => (block.expiresAt > clock.now() ? quota.settle(block, used) : okAsync(undefined)),
    })),
    "A block that is never settled counts as used in full": broken((quota, { clock }) => {
      const open = new Map<string, QuotaBlock>();
      return {
        reserve(request) {
          const expired = [...open.values()].filter((block) => block.expiresAt <= clock.now());
          return ResultAsync.combine(expired.map((block) => quota.settle(block, 0)))
            .andThen(() => quota.reserve(request))
            .andTee((block) => open.set(block.id, block));
        },
        settle(block, used) {
          open.delete(block.id);
          return quota.settle(block, used);
        },
      };
    }),
    "says how many units the tenant may use, and how many of them are used or reserved, and reserves nothing": [
      brokenStanding(({ used }) => ({ used: used === 6 ? 0 : used })),
      brokenStanding(({ used }) => ({ used: used === 2 ? 6 : used })),
      brokenStanding(({ limit }) => ({ limit: limit + 1 })),
      broken((quota) => ({
        standing: (tenantId) =>
          standingOf(quota, tenantId).andThen((standing) =>
            quota
              .reserve({ id: "look", tenantId, amount: 1, ttlMs: 60_000 })
              .map(() => standing)
              .orElse(() => okAsync(standing)),
          ),
      })),
    ],
    "For the standing of an unknown tenant the answer is `TenantUnknown`": broken((quota) => ({
      standing: (tenantId) =>
        standingOf(quota, tenantId).orElse((error) =>
          error.kind === "TenantUnknown" ? okAsync({ limit: 0, used: 0 }) : errAsync(error),
        ),
    })),
    "Where the quota cannot be reached its standing is `Unavailable`": broken((quota) => ({
      standing: (tenantId) =>
        standingOf(quota, tenantId).orElse((error) =>
          error.kind === "Unavailable" ? okAsync({ limit: 0, used: 0 }) : errAsync(error),
        ),
    })),
    "Where a settlement did not arrive the answer is `Unavailable`": broken((quota) => ({
      settle: (block, used) => quota.settle(block, used).orElse(() => okAsync(undefined)),
    })),
  },
});
