import type { ResultAsync } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import { createSemaphore, type Semaphore } from "../../lifecycle/semaphore.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RateLimited } from "../../ports/pacer.ts";

/** Bounds how much work runs at a time. One tenant gets at most half of the permits. */
export interface TenantPermits {
  /** As `Semaphore.withPermit`. A tenant that waits for its share blocks no other tenant. */
  withPermit<T, E>(
    tenantId: Identifier,
    deadlineMs: number,
    work: () => ResultAsync<T, E>,
  ): ResultAsync<T, E | RateLimited>;
}

export function createTenantPermits(count: number, clock: Clock): TenantPermits {
  const all = createSemaphore(count, clock);
  const shares = new Map<Identifier, { readonly permits: Semaphore; users: number }>();

  return {
    withPermit(tenantId, deadlineMs, work) {
      const share = shares.get(tenantId) ?? { permits: createSemaphore(Math.ceil(count / 2), clock), users: 0 };
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
