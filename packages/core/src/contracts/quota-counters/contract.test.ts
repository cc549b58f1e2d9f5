import { okAsync } from "neverthrow";

import { createInMemoryQuotaCounters } from "../../in-memory/index.ts";
import type { CounterRequest, QuotaCounters, UnitsCounted, UnitsTaken } from "../../ports/store/quota-counters.ts";
import { createCrowd } from "../../../test/in-memory-store.ts";
import { describeQuotaCountersContract, quotaCountersContract } from "./contract.ts";
import { monday, type QuotaCountersSubject, readLimit } from "./steps.ts";
import { describeSabotage } from "../sabotage.ts";

const setup = (): QuotaCountersSubject => ({ quotaCounters: createInMemoryQuotaCounters() });

const broken =
  (change: (counters: QuotaCounters) => Partial<QuotaCounters>) =>
  ({ quotaCounters }: QuotaCountersSubject) => ({ quotaCounters: { ...quotaCounters, ...change(quotaCounters) } });
const brokenRequests = (spoil: (request: CounterRequest) => Partial<CounterRequest>) =>
  broken((counters) => ({ take: (request) => counters.take({ ...request, ...spoil(request) }) }));
const brokenGrants = (spoil: (taken: UnitsTaken, request: CounterRequest) => Partial<UnitsTaken>) =>
  broken((counters) => ({
    take: (request) => counters.take(request).map((taken) => ({ ...taken, ...spoil(taken, request) })),
  }));

const brokenReads = (spoil: (counted: UnitsCounted) => Partial<UnitsCounted>) =>
  broken((counters) => ({
    read: (tenantId, period) =>
      counters.read(tenantId, period).map((counted) => counted && { ...counted, ...spoil(counted) }),
  }));

describeQuotaCountersContract({ name: "in-memory counters", setup });

describeSabotage(quotaCountersContract, {
  setup,
  sabotages: {
    "Counts how many units each tenant has used": brokenRequests(({ limit }) =>
      limit < 100 && limit !== readLimit ? { tenantId: "everyone" } : {},
    ),
    "Takes up to `amount` of what is left of `limit` in the period": [
      brokenRequests(({ amount, limit }) => (limit > 2 ** 40 ? { amount: Math.min(amount, 2 ** 31 - 1) } : {})),
      brokenGrants(({ granted }, { amount }) => ({ granted: amount === 4 && granted < 4 ? 0 : granted })),
    ],
    "however many ask at once": broken((counters) => {
      let underWay: ReturnType<QuotaCounters["take"]> | undefined;
      return {
        take(request) {
          if (request.limit !== 21) return counters.take(request);
          if (underWay) return underWay.map((taken) => taken);
          const answer = counters.take(request);
          underWay = answer;
          queueMicrotask(() => (underWay = undefined));
          return answer;
        },
      };
    }),
    "0 where nothing is left": [
      broken((counters) => {
        const limits = new Map<string, number>();
        return {
          take(request) {
            const limit = limits.get(request.tenantId) ?? request.limit;
            limits.set(request.tenantId, limit);
            return counters.take({ ...request, limit });
          },
        };
      }),
      brokenGrants(({ granted }, { limit }) => ({ granted: limit === 5 ? -5 : granted })),
    ],
    "A later period than the one counted starts at 0": brokenRequests(({ startsAt, amount }) =>
      amount === 7 ? { startsAt: monday } : { startsAt },
    ),
    "An earlier period does not open again: units taken count in the later one": broken((counters) => {
      let latest = monday;
      return {
        take(request) {
          const isEarlier = request.startsAt < latest && request.amount !== 8 && request.period === "day";
          if (request.startsAt > latest) latest = request.startsAt;
          const isFirstTime = isEarlier && request.amount === 3;
          return counters.take(isFirstTime ? { ...request, period: "reopened" } : request);
        },
      };
    }),
    "When the period in which they count began": brokenGrants(({ startsAt }, request) => ({
      startsAt: request.id === "repeated" ? startsAt : request.startsAt,
    })),
    "Periods of one name follow each other; periods of another name are counted separately": brokenRequests(
      ({ limit }) => (limit < 100 && limit !== readLimit ? { period: "any" } : {}),
    ),
    "Repeating a request that was granted units returns the same and takes none": [
      broken((counters) => {
        const counts = new Map<string, number>();
        return {
          take(request) {
            const count = counts.get(request.id) ?? 0;
            counts.set(request.id, count + 1);
            return counters.take(count === 0 ? request : { ...request, id: `${request.id} ${count}` });
          },
        };
      }),
      broken((counters) => {
        const isCrowded = createCrowd();
        let copies = 0;
        return {
          take: (request) =>
            counters.take(isCrowded(request.id) ? { ...request, id: `${request.id} ${(copies += 1)}` } : request),
        };
      }),
      brokenGrants((taken, request) => (request.id === "repeated" ? { startsAt: request.startsAt } : taken)),
    ],
    "Reports how many units of a request were used; the rest returns to its period": [
      broken((counters) => {
        let latest: { request: CounterRequest; taken: UnitsTaken } | undefined;
        let late = 0;
        return {
          take: (request) =>
            counters.take(request).andTee((taken) => {
              if (taken.granted > 0) latest = { request, taken };
            }),
          settle(requestId, used) {
            late += requestId === "late" ? 1 : 0;
            if (late < 2 || !latest) return counters.settle(requestId, used);
            return counters.settle(latest.request.id, latest.taken.granted - 3);
          },
        };
      }),
      broken((counters) => ({ settle: (requestId, used) => counters.settle(requestId, used | 0) })),
    ],
    "May be repeated: the last number wins": [
      broken((counters) => {
        const settled = new Set<string>();
        return {
          settle(requestId, used) {
            if (requestId === "late" || !settled.has(requestId)) {
              settled.add(requestId);
              return counters.settle(requestId, used);
            }
            return okAsync(undefined);
          },
        };
      }),
      broken((counters) => {
        const least = new Map<string, number>();
        return {
          settle(requestId, used) {
            least.set(requestId, Math.min(used, least.get(requestId) ?? used));
            return counters.settle(requestId, least.get(requestId) ?? used);
          },
        };
      }),
    ],
    "How many units the tenant has taken and not returned": [
      brokenReads(({ used }) => ({ used: used | 0 })),
      brokenReads(({ used }) => ({ used: used === 3 ? 8 : used })),
    ],
    "in the latest period of that name in which it took any, and when that period began": [
      brokenReads(() => ({ startsAt: monday })),
      broken((counters) => ({
        read: (tenantId, period) => counters.read(tenantId, period === "month" ? "day" : period),
      })),
    ],
    "Undefined if it never took any": broken((counters) => ({
      read: (tenantId, period) =>
        counters.read(tenantId, period).map((counted) => counted ?? { used: 0, startsAt: monday }),
    })),
    "Changes nothing": broken((counters) => ({
      read(tenantId, period) {
        const request = { id: "reading", tenantId, period, startsAt: monday, limit: 10, amount: 1 };
        return counters
          .read(tenantId, period)
          .andThen((counted) => (counted?.used === 6 ? counters.take(request).map(() => counted) : okAsync(counted)));
      },
    })),
    "For an unknown request it changes nothing": broken((counters) => {
      const known = new Set<string>();
      return {
        take(request) {
          known.add(request.id);
          return counters.take(request);
        },
        settle: (requestId, used) =>
          counters.settle(known.has(requestId) ? requestId : ([...known].at(-1) ?? ""), used),
      };
    }),
  },
});
