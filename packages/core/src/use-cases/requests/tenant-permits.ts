import type { Identifier } from "../../content/identifiers.ts";
import { createPermits, type Permits } from "../../lifecycle/semaphore.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RateLimited } from "../../ports/pacer.ts";
import type { R } from "../../ports/result.ts";

/** A bounded number of things at a time, of which one tenant has half at most. */
export interface TenantPermits {
  /** As `Permits.within`. Waiting for a tenant's share blocks no other tenant. */
  withPermit<T, E>(tenantId: Identifier, deadlineMs: number, work: () => R<T, E>): R<T, E | RateLimited>;
}

export function createTenantPermits(count: number, clock: Clock): TenantPermits {
  const all = createPermits(count, clock);
  const shares = new Map<Identifier, { readonly permits: Permits; users: number }>();

  return {
    withPermit(tenantId, deadlineMs, work) {
      const share = shares.get(tenantId) ?? { permits: createPermits(Math.ceil(count / 2), clock), users: 0 };
      shares.set(tenantId, share);
      share.users += 1;
      const leave = (): void => {
        share.users -= 1;
        if (share.users === 0) shares.delete(tenantId);
      };
      const result = share.permits.withPermit(deadlineMs, () => all.withPermit(deadlineMs, work));
      result.then(leave, leave);
      return result;
    },
  };
}
