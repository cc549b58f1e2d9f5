import {
  createInlineTenants,
  openTenantsFile,
  type TenantsFile,
  type TenantSource,
} from "@message-sender/http-adapter/outbound";

import type { InvalidOption } from "./invalid-option.ts";
import type { ServiceOptions } from "./service-options.ts";

/** Undefined if tenants come from a Tenant Service or from ports of the caller. */
export async function openTenants(
  { tenants, tenantsFile, tenantServiceUrl, logger }: ServiceOptions,
  invalid: InvalidOption,
): Promise<(TenantSource & Partial<TenantsFile>) | undefined> {
  const given = { tenants, tenantsFile, tenantServiceUrl };
  const [first, second] = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (second !== undefined) throw invalid(second as keyof ServiceOptions, `cannot be combined with ${first}`);
  if (tenants) {
    return createInlineTenants(tenants).match(
      (source) => source,
      (reason) => {
        throw invalid("tenants", reason);
      },
    );
  }
  if (tenantsFile !== undefined) {
    const opened = await openTenantsFile(tenantsFile, {
      onError: (reason) =>
        logger?.error({ reason }, "the changed tenants file is invalid: the previous version stays in effect"),
      onReload: (counts) => logger?.info(counts, "tenants file reloaded"),
    });
    if (opened.isErr()) throw invalid("tenantsFile", opened.error.reason);
    return opened.value;
  }
  return undefined;
}

/** Whether the options say who may send. */
export function hasTenants({ tenants, tenantsFile, tenantServiceUrl, ports }: ServiceOptions): boolean {
  return (tenants ?? tenantsFile ?? tenantServiceUrl ?? (ports?.credentials && ports.quota)) !== undefined;
}
