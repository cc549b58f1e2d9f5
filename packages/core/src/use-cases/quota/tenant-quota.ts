import { errAsync, type ResultAsync } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import type { Quota, QuotaStanding, TenantUnknown } from "../../ports/quota.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { QuotaUnits } from "./quota-units.ts";

/** How much of its quota a tenant has used, for people. */
export interface TenantQuota extends QuotaStanding {
  /** Units among the `used` ones that this process has reserved and not used yet. It returns those that it does not need. */
  readonly unused: number;
}

const silent: Unavailable = { kind: "Unavailable", reason: "the quota does not say how much is used" };

/** Asks the quota how a tenant stands. */
export function createTenantQuota({ quota, units }: { quota: Quota; units: Pick<QuotaUnits, "unused"> }) {
  return (tenantId: Identifier): ResultAsync<TenantQuota, TenantUnknown | Unavailable> =>
    quota.standing?.(tenantId).map((standing) => ({ ...standing, unused: units.unused(tenantId) })) ?? errAsync(silent);
}
