import { isIdentifier } from "@message-sender/core/adapter";

import type { Visitor } from "../console-visitor.ts";

/** Whether there is such a tenant, for the visitor. */
export function isTenantOf(visitor: Visitor, tenantId: string): boolean {
  return isIdentifier(tenantId) && visitor.sees(tenantId);
}
