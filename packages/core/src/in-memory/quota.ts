import type { Identifier } from "../content/identifiers.ts";
import type { Clock } from "../ports/clock.ts";
import type { Quota } from "../ports/quota.ts";
import { createStoredQuota, type QuotaLimit } from "../use-cases/quota/stored-quota.ts";
import { createInMemoryQuotaCounters } from "./quota-counters.ts";

export interface InMemoryQuota extends Quota {
  /** Units used or set aside in the present period. */
  used(tenantId: Identifier): number;
}

/** Counts in memory. `limitOf` knows the tenants; it is asked each time, so that a limit may change. */
export function createInMemoryQuota(options: {
  clock: Clock;
  limitOf: (tenantId: Identifier) => QuotaLimit | undefined;
}): InMemoryQuota {
  const counters = createInMemoryQuotaCounters();
  return { ...createStoredQuota({ ...options, counters }), used: counters.used };
}
