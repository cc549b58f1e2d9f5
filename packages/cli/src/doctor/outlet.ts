import type { OutletRef } from "@message-sender/core";
import type { Credential } from "@message-sender/core/adapter";

import { type Check, failed } from "./check.ts";

/** An outlet with the credential that it sends with. */
export interface Outlet extends OutletRef {
  readonly credential: Credential;
}

/** What the check of the tenants found, and the outlets to check further. */
export interface OutletSource {
  readonly checks: readonly Check[];
  readonly outlets: readonly Outlet[];
}

export function unknownOutlet(name: string, { tenantId, outletId }: OutletRef): Check {
  const advice = "check the ids, or add the outlet there";
  return failed(name, `it does not know outlet ${outletId} of tenant ${tenantId}`, advice);
}
