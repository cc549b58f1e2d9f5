import type { OutletRef, Secret } from "@message-sender/core";
import type { Credential } from "@message-sender/core/adapter";
import {
  createServiceClient,
  createTenantServiceCredentials,
  openTenantsFile,
  type ServiceClient,
} from "@message-sender/http-adapter/outbound";
import { sandboxIds } from "@message-sender/server/process";
import type { Settings } from "@message-sender/server/settings";
import { z } from "zod";

import { callTimeoutMs, type Check, failed, passed, warned } from "./check.ts";
import { serviceProblem } from "./service-problem.ts";

/** An outlet with the credential that it sends with. */
export interface Outlet extends OutletRef {
  readonly credential: Credential;
}

/** What the check of the tenants found, and the outlets to check further. */
export interface OutletSource {
  readonly checks: readonly Check[];
  readonly outlets: readonly Outlet[];
}

/** More outlets of a tenants file are not checked unless they are asked for. */
const mostOutlets = 50;

export function findOutlets(settings: Settings, asked: OutletRef | undefined): Promise<OutletSource> {
  const { TENANT_SERVICE_URL: url, TENANTS_FILE: path, SERVICE_TOKEN: token } = settings;
  if (url !== undefined) return fromService(url, token, asked);
  if (path !== undefined) return fromFile(path, asked);
  const advice = "set TENANT_SERVICE_URL or TENANTS_FILE, or use serve --sandbox to try it out";
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

/** A Tenant Service cannot list its outlets. Without one to ask for, only the form of its answer is checked. */
async function fromService(
  url: string,
  token: Secret | undefined,
  asked: OutletRef | undefined,
): Promise<OutletSource> {
  const client = createServiceClient({ url, timeoutMs: callTimeoutMs, ...(token && { token }) });
  const name = `Tenant Service at ${url}`;
  const outlet = asked ?? { tenantId: sandboxIds.tenant, outletId: sandboxIds.outlet };
  const [found, quota] = await Promise.all([
    createTenantServiceCredentials(client).lookup(outlet),
    checkQuota(client, outlet.tenantId, asked !== undefined),
  ]);
  await client.close();
  if (found.isErr() && found.error.kind === "Unavailable") {
    return {
      checks: [failed(name, withoutName(found.error.reason), serviceAdvice(found.error.reason, "waba"))],
      outlets: [],
    };
  }
  const problem = quota === undefined ? undefined : failed(name, quota, serviceAdvice(quota, "quota"));
  if (found.isOk()) return { checks: [problem ?? passed(name)], outlets: [{ ...outlet, credential: found.value }] };
  if (asked) return { checks: [problem ?? unknownOutlet(name, asked)], outlets: [] };
  return { checks: [problem ?? passed(`${name} (--tenant and --outlet check an outlet of it)`)], outlets: [] };
}

const readingSchema = z.object({ limit: z.int().min(0), used: z.int().min(0) });

/** What is wrong with the quota of a tenant. */
async function checkQuota(client: ServiceClient, tenantId: string, mustExist: boolean): Promise<string | undefined> {
  const path = `/api/v1/tenants/${encodeURIComponent(tenantId)}/quota`;
  const answer = await client.call({ method: "GET", path });
  if (answer.isErr()) return serviceProblem(answer.error.reason);
  const { status, body } = answer.value;
  if (status === 404) return mustExist ? `it does not know the quota of tenant ${tenantId}` : undefined;
  if (status < 200 || status > 299) return `the quota is answered with HTTP ${status}`;
  const parsed = readingSchema.safeParse(body);
  if (parsed.success) return undefined;
  const field = parsed.error.issues[0]?.path.join(".");
  return `invalid answer about the quota: ${field ? `${field} is missing or not valid` : "not the JSON expected"}`;
}

function unknownOutlet(name: string, { tenantId, outletId }: OutletRef): Check {
  const advice = "check the ids, or add the outlet there";
  return failed(name, `it does not know outlet ${outletId} of tenant ${tenantId}`, advice);
}

function withoutName(reason: string): string {
  return serviceProblem(reason.replace(/^Tenant Service: /, ""));
}

function serviceAdvice(reason: string, what: "waba" | "quota"): string {
  if (/HTTP 40[13]/.test(reason)) return "set SERVICE_TOKEN to the token that the service expects";
  if (/invalid answer/.test(reason)) {
    const form =
      what === "waba"
        ? '{"waba_access_token", "phone_number_id" of digits, "waba_id"?}'
        : '{"limit", "used"} as whole numbers';
    return `answer ${what === "waba" ? "GET …/outlets/{outlet_id}/waba" : "GET …/quota"} with ${form}, or 404 for an unknown one`;
  }
  return "check the URL, and that the service runs and can be reached from here";
}
