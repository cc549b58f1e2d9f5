import { expect } from "vitest";

import type { QuotaRequest } from "../../ports/quota.ts";
import type { Case } from "../contract.ts";
import { exampleTime } from "../fixtures.ts";
import type { StoreSubject } from "../store/subject.ts";
import { succeeds } from "../results.ts";

export const quotaRequestCases: readonly Case<StoreSubject>[] = [
  {
    name: "Records the request for a block before it is sent",
    async run(subject) {
      for (const asked of requests) await request(subject, asked);
      expect(await requested(subject)).toEqual(requests);
    },
  },
  {
    name: "neither answered with a block nor withdrawn",
    async run(subject) {
      for (const asked of requests) await request(subject, asked);
      await withdraw(subject, second.id);
      await subject.advance(120_000);
      expect(idsOf(await requested(subject))).toEqual([first.id, third.id]);
    },
  },
  {
    name: "in place of its request",
    async run(subject) {
      for (const asked of requests) await request(subject, asked);
      const block = { id: "block-1", tenantId: first.tenantId, granted: 7, expiresAt: exampleTime };
      succeeds(await subject.quotaLedger.open(block, first.id));
      expect(idsOf(await requested(subject))).toEqual([second.id, third.id]);
      expect(succeeds(await subject.quotaLedger.unsettled())).toMatchObject([{ block: { id: block.id } }]);
    },
  },
  {
    name: "Forgets a request that was granted nothing",
    async run(subject) {
      await request(subject, first);
      await withdraw(subject, first.id);
      expect(await requested(subject)).toEqual([]);
    },
  },
  {
    name: "Withdrawing it again changes nothing",
    async run(subject) {
      for (const asked of requests) await request(subject, asked);
      for (const id of [first.id, first.id, "never asked"]) await withdraw(subject, id);
      expect(idsOf(await requested(subject))).toEqual([second.id, third.id]);
    },
  },
];

const first: QuotaRequest = { id: "request-1", tenantId: "tenant-1", amount: 100, ttlMs: 60_000 };
const second: QuotaRequest = { id: "request-2", tenantId: "__proto__", amount: 5_000_000_000, ttlMs: 1 };
const third: QuotaRequest = { ...first, id: "request-3" };
const requests = [first, second, third];

async function request({ quotaLedger }: StoreSubject, asked: QuotaRequest): Promise<void> {
  succeeds(await quotaLedger.request(asked));
}

async function requested({ quotaLedger }: StoreSubject): Promise<readonly QuotaRequest[]> {
  const asked = succeeds(await quotaLedger.requested());
  return asked.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

async function withdraw({ quotaLedger }: StoreSubject, requestId: string): Promise<void> {
  succeeds(await quotaLedger.withdraw(requestId));
}

function idsOf(asked: readonly QuotaRequest[]): string[] {
  return asked.map(({ id }) => id);
}
