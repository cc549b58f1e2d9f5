import type { BoundedLog } from "../collections/bounded-log.ts";
import type { Listener } from "../http/listener.ts";
import { createServiceHandle, type ServiceHandle } from "../http/service-handle.ts";
import type { OutletCredentials } from "./outlet-credentials.ts";
import type { QuotaState } from "./tenant-quota.ts";
import type { TenantRequest } from "./tenant-service.ts";
import type { TenantCallbacks, Tenants } from "./tenants.ts";

/** Shows and controls the Tenant Service. */
export interface TenantHandle extends ServiceHandle<TenantRequest> {
  /** Sets how many messages the tenant may send. */
  setQuota(tenantId: string, limit: number): void;
  /** Sets how many of them are used. */
  setUsed(tenantId: string, used: number): void;
  /** undefined: the tenant is unknown. */
  quotaOf(tenantId: string): QuotaState | undefined;
  /** undefined: the tenant or the outlet is unknown. */
  credentialsOf(tenantId: string, outletId: string): OutletCredentials | undefined;
  /**
   * Changes the given fields and keeps the others. Returns the new credentials. Where tokens are seeded, WhatsApp
   * rejects the previous token from then on.
   */
  setCredentials(tenantId: string, outletId: string, next: Partial<OutletCredentials>): OutletCredentials;
  /** Sets where status callbacks of the tenant go; undefined: nowhere. */
  setCallbacks(tenantId: string, next: TenantCallbacks | undefined): void;
}

interface TenantHandleParts {
  readonly log: BoundedLog<TenantRequest>;
  readonly listener: Listener;
  readonly tenants: () => Tenants;
}

export function createTenantHandle({ log, listener, tenants }: TenantHandleParts): TenantHandle {
  return createServiceHandle<TenantRequest, TenantHandle>({
    log,
    listener,
    own: {
      setQuota: (tenantId, limit) => tenants().ensureQuota(tenantId).setLimit(limit),
      setUsed: (tenantId, used) => tenants().ensureQuota(tenantId).setUsed(used),
      quotaOf: (tenantId) => tenants().quota(tenantId)?.state(),
      credentialsOf: (tenantId, outletId) => tenants().credentials(tenantId, outletId),
      setCredentials: (tenantId, outletId, next) => tenants().setCredentials(tenantId, outletId, next),
      setCallbacks: (tenantId, next) => tenants().setCallbacks(tenantId, next),
    },
  });
}
