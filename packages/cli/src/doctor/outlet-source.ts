import type { OutletRef } from "@message-sender/core";
import { openTenantsFile } from "@message-sender/http-adapter/outbound";
import type { Settings } from "@message-sender/server/settings";

import { failed, passed, warned } from "./check.ts";
import { checkTenantService } from "./check-tenant-service.ts";
import { type Outlet, type OutletSource, unknownOutlet } from "./outlet.ts";

/** More outlets of a tenants file are not checked unless they are asked for. */
const mostOutlets = 50;

export function findOutlets(settings: Settings, asked: OutletRef | undefined): Promise<OutletSource> {
  const { TENANT_SERVICE_URL: url, TENANTS_FILE: path, SERVICE_TOKEN: token } = settings;
  if (url !== undefined) return checkTenantService(url, token, asked);
  if (path !== undefined) return fromFile(path, asked);
  const advice =
    "set TENANT_SERVICE_URL or TENANTS_FILE (message-sender init writes one), or use serve --sandbox to try it out";
  return Promise.resolve({ checks: [failed("tenants", "nothing says who may send", advice)], outlets: [] });
}

async function fromFile(path: string, asked: OutletRef | undefined): Promise<OutletSource> {
  const opened = await openTenantsFile(path);
  if (opened.isErr()) {
    return { checks: [failed("TENANTS_FILE", opened.error.reason, "correct the file")], outlets: [] };
  }
  const file = opened.value;
  const all = asked ? [asked] : file.outlets();
  const outlets: Outlet[] = [];
  for (const outlet of all.slice(0, mostOutlets)) {
    const found = await file.credentials.lookup(outlet);
    if (found.isOk()) outlets.push({ ...outlet, credential: found.value });
  }
  await file.close();
  if (asked && outlets.length === 0) return { checks: [unknownOutlet("TENANTS_FILE", asked)], outlets };
  if (all.length === 0) {
    return { checks: [warned("TENANTS_FILE", "it has no outlets", "add the outlets that send")], outlets };
  }
  const more = all.length - outlets.length;
  const checks = [passed("TENANTS_FILE")];
  if (more > 0) {
    const advice = "check others with --tenant and --outlet";
    checks.push(warned("TENANTS_FILE", `${more} more outlets were not checked`, advice));
  }
  return { checks, outlets };
}
