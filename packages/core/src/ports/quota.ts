import type { Identifier } from "../domain/identifiers.ts";
import type { R, Unavailable } from "./result.ts";

/** Units of a tenant's quota that are ours until they are settled. */
export interface QuotaBlock {
  readonly id: string;
  readonly tenantId: Identifier;
  /** Between 1 and the amount asked for. */
  readonly granted: number;
  /** From here on no new unit may be taken from it. */
  readonly expiresAt: Date;
}

/** Owns how many messages a tenant may still send. */
export interface Quota {
  /**
   * Sets up to `amount` units aside. Blocks that are out at one time never add up to more than the tenant has, however
   * many are asked for at once.
   */
  reserve(request: QuotaRequest): R<QuotaBlock, QuotaError>;
  /**
   * Says how many units of a block were used; the rest goes back. May be repeated, also late: the last number wins. A
   * block that is never settled counts as used in full.
   */
  settle(block: QuotaBlock, used: number): R<void, Unavailable>;
}

export interface QuotaRequest {
  readonly tenantId: Identifier;
  /** 1 or more. */
  readonly amount: number;
  readonly ttlMs: number;
}

export type QuotaError = QuotaExceeded | TenantUnknown | Unavailable;

/** Nothing is left. */
export interface QuotaExceeded {
  readonly kind: "QuotaExceeded";
  readonly resetsAt?: Date;
}

export interface TenantUnknown {
  readonly kind: "TenantUnknown";
}
