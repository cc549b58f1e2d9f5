import { createStoredQuota, type QuotaLimit } from "../../use-cases/quota/stored-quota.ts";
import { type Contract, type ContractOptions, describeContract, type Skip, type Subject } from "../contract.ts";
import { backlogContract } from "../backlog/contract.ts";
import { erasureContract } from "../erasure/contract.ts";
import { messageQueueContract } from "../message-queue/contract.ts";
import { messageStoreContract } from "../message-store/contract.ts";
import { outboxContract } from "../outbox/contract.ts";
import { parkedStatusesContract } from "../parked-statuses/contract.ts";
import { processLeaseContract } from "../process-lease/contract.ts";
import { pausesContract } from "../pauses/contract.ts";
import { quotaContract } from "../quota/contract.ts";
import type { QuotaSubject } from "../quota/subject.ts";
import { quotaCountersContract } from "../quota-counters/contract.ts";
import { quotaLedgerContract } from "../quota-ledger/contract.ts";
import { recipientsContract } from "../recipients/contract.ts";
import { retentionContract } from "../retention/contract.ts";
import { storeHealthContract } from "../store-health/contract.ts";
import { storeLoadContract } from "../store-load/contract.ts";
import type { StoreSubject } from "./subject.ts";
import { webhookInboxContract } from "../webhook-inbox/contract.ts";

const storeContracts: readonly Contract<StoreSubject>[] = [
  messageStoreContract,
  messageQueueContract,
  processLeaseContract,
  outboxContract,
  quotaLedgerContract,
  parkedStatusesContract,
  webhookInboxContract,
  recipientsContract,
  erasureContract,
  retentionContract,
  quotaCountersContract,
  storeHealthContract,
  storeLoadContract,
  backlogContract,
  pausesContract,
];

/**
 * Declares one test for each promise of every port of a store, and of a quota that counts in it.
 *
 * @example
 * describeStoreContracts({ name: "my store", setup: () => createMyStoreSubject() });
 */
export function describeStoreContracts({ name, setup, skip = [] }: ContractOptions<StoreSubject>): void {
  const known = new Set([...storeContracts, quotaContract].flatMap(promisesOf));
  for (const test of skip.flatMap(({ tests }) => tests)) {
    if (!known.has(test)) throw new Error(`A store has no promise "${test}" to skip`);
  }
  for (const contract of storeContracts) describeContract(contract, { name, setup, skip: within(contract, skip) });
  describeContract(quotaContract, {
    name: `a quota that counts in the ${name}`,
    setup: async () => storedQuota(await setup()),
    skip: [...within(quotaContract, skip), alwaysReachable],
  });
}

const alwaysReachable: Skip = {
  reason: "it is always reachable",
  tests: [
    "Where the quota cannot be reached the answer is `Unavailable`",
    "Where a settlement did not arrive the answer is `Unavailable`",
    "Where the quota cannot be reached its standing is `Unavailable`",
  ],
};

function storedQuota({ quotaCounters, clock, advance, close }: StoreSubject): QuotaSubject {
  const limits = new Map<string, QuotaLimit>();
  return {
    quota: createStoredQuota({ counters: quotaCounters, clock, limitOf: (tenantId) => limits.get(tenantId) }),
    clock,
    advance,
    setLimit: (tenantId, limit) => void limits.set(tenantId, { limit, period: "none" }),
    goAway: () => {
      throw new Error("It cannot go away.");
    },
    ...(close && { close }),
  };
}

function within<S extends Subject>(contract: Contract<S>, skip: readonly Skip[]): Skip[] {
  const promises = promisesOf(contract);
  return skip.map(({ reason, tests }) => ({ reason, tests: tests.filter((test) => promises.includes(test)) }));
}

function promisesOf({ cases }: { readonly cases: readonly { readonly name: string }[] }): readonly string[] {
  return cases.map(({ name }) => name);
}
