import type { Identifier } from "../content/identifiers.ts";
import type { Clock } from "../ports/clock.ts";
import type { Quota } from "../ports/quota.ts";
import { createStoredQuota, type QuotaLimit } from "../use-cases/quota/stored-quota.ts";
import { createInMemoryQuotaCounters } from "./store/quota-counters.ts";

/** A quota that a test can read. */
export interface InMemoryQuota extends Quota {
  /** How many units of the current period are used or reserved. */
  used(tenantId: Identifier): number;
}

/** A quota in memory. `limitOf` returns the limit of a tenant, undefined for an unknown one; it is called for each block. */
export function createInMemoryQuota(options: {
  clock: Clock;
  limitOf: (tenantId: Identifier) => QuotaLimit | undefined;
}): InMemoryQuota {
  const counters = createInMemoryQuotaCounters();
  return { ...createStoredQuota({ ...options, counters }), used: counters.used };
}
