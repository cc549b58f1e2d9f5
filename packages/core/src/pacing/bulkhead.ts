import type { Identifier } from "../domain/identifiers.ts";

/**
 * Divides the permits so that nobody can take them all: a tenant may hold less than three times what is free, a number less
 * than what is free. The more is taken, the less each may have, and something is always left for those who hold nothing
 * (Choudhury and Hahne, "Dynamic queue length thresholds", 1998).
 */
export interface Bulkhead {
  /** Nobody may take any. */
  readonly isFull: boolean;
  mayTake(tenantId: Identifier, heldByNumber: number): boolean;
  take(tenantId: Identifier): void;
  giveBack(tenantId: Identifier): void;
}

const tenantShare = 3;

export function createBulkhead(permits: number): Bulkhead {
  const tenants = new Map<Identifier, number>();
  let free = permits;

  return {
    get isFull() {
      return free === 0;
    },
    mayTake: (tenantId, heldByNumber) => heldByNumber < free && (tenants.get(tenantId) ?? 0) < tenantShare * free,
    take(tenantId) {
      free -= 1;
      tenants.set(tenantId, (tenants.get(tenantId) ?? 0) + 1);
    },
    giveBack(tenantId) {
      free += 1;
      const left = (tenants.get(tenantId) ?? 0) - 1;
      if (left > 0) tenants.set(tenantId, left);
      else tenants.delete(tenantId);
    },
  };
}
