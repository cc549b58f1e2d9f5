import type { ResultAsync } from "neverthrow";

import type { Identifier } from "../content/identifiers.ts";
import type { Unavailable } from "./unavailable.ts";

/** Units of a tenant's quota that are reserved for this sender until they are settled. */
export interface QuotaBlock {
  readonly id: string;
  readonly tenantId: Identifier;
  /** From 1 to the requested amount. */
  readonly granted: number;
  /** By our wall clock when the block is returned; an adapter converts from other clocks. No unit is taken after it. */
  readonly expiresAt: Date;
}

/**
 * The number of messages that each tenant may still send. Not promised: that a request gets all units that it asks for, or that
 * the units of an expired block return by themselves.
 */
export interface Quota {
  /**
   * Reserves 1 to `amount` units, to be used within about `ttlMs`. Each block has an id of its own. Each tenant has a quota of
   * its own. Blocks never add up to more than the tenant has, however many are requested at once. Repeating a request by its id
   * returns the same block and reserves nothing. Where nothing is left the answer is `QuotaExceeded`. For an unknown tenant the
   * answer is `TenantUnknown`. Where the quota cannot be reached the answer is `Unavailable`; units may be reserved all the
   * same, and a repeat of the request finds them.
   */
  reserve(request: QuotaRequest): ResultAsync<QuotaBlock, QuotaError>;
  /**
   * Reports how many units of a block were used; the rest is returned. May be repeated: the last number wins. May come late,
   * when the block has expired. A block that is never settled counts as used in full. Where a settlement did not arrive the
   * answer is `Unavailable`.
   */
  settle(block: QuotaBlock, used: number): ResultAsync<void, Unavailable>;
  /**
   * For people: says how many units the tenant may use, and how many of them are used or reserved, and reserves nothing. For the
   * standing of an unknown tenant the answer is `TenantUnknown`. Where the quota cannot be reached its standing is `Unavailable`.
   * Absent if the quota cannot say it.
   */
  standing?(tenantId: Identifier): ResultAsync<QuotaStanding, TenantUnknown | Unavailable>;
}

/** How much of its quota a tenant has used. */
export interface QuotaStanding {
  readonly limit: number;
  /** Used or reserved, by whichever process. */
  readonly used: number;
  /** When the quota has all its units again, if that is known. */
  readonly resetsAt?: Date;
}

/** A request for a block. */
export interface QuotaRequest {
  readonly id: string;
  readonly tenantId: Identifier;
  /** 1 or more. */
  readonly amount: number;
  readonly ttlMs: number;
}

/** Why no block was reserved. */
export type QuotaError = QuotaExceeded | TenantUnknown | Unavailable;

/** The tenant's quota is used up. */
export interface QuotaExceeded {
  readonly kind: "QuotaExceeded";
  /** When the quota has units again, if that is known. */
  readonly resetsAt?: Date;
}

/** There is no such tenant. */
export interface TenantUnknown {
  readonly kind: "TenantUnknown";
}
