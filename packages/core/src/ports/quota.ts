import type { Identifier } from "../content/identifiers.ts";
import type { R, Unavailable } from "./result.ts";

/** Units of a tenant's quota that are ours until they are settled. */
export interface QuotaBlock {
  readonly id: string;
  readonly tenantId: Identifier;
  /** Between 1 and the amount that was asked for. */
  readonly granted: number;
  /** By our wall clock when the block is given; an adapter converts from another clock. No new unit is taken from then on. */
  readonly expiresAt: Date;
}

/** Owns how many messages a tenant may still send. */
export interface Quota {
  /**
   * Sets 1 to `amount` units aside, to be taken within about `ttlMs`. Each block has an id of its own. Each tenant has a
   * quota of its own. Blocks that are out at one time never add up to more than the tenant has, however many are asked
   * for at once. Repeating a request by its id gives the same block, and sets nothing aside. `QuotaExceeded` says that
   * nothing is left. No such tenant is `TenantUnknown`. Whoever cannot be asked for units is `Unavailable`; units may be
   * set aside then, which a repeat of the request finds.
   */
  reserve(request: QuotaRequest): R<QuotaBlock, QuotaError>;
  /**
   * Says how many units of a block were used; the rest goes back. May be repeated: the last number wins. May come late,
   * when the block has expired. A block that is never settled counts as used in full. A settlement that did not arrive is
   * `Unavailable`.
   */
  settle(block: QuotaBlock, used: number): R<void, Unavailable>;
}

export interface QuotaRequest {
  readonly id: string;
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
