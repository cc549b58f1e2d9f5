import type { OutletRef, Secret } from "@message-sender/core";
import {
  createServiceClient,
  createTenantServiceCallbacks,
  createTenantServiceCredentials,
  type ServiceClient,
} from "@message-sender/http-adapter/outbound";
import { sandboxIds } from "@message-sender/server/process";

import { callTimeoutMs, type Check, failed, passed } from "./check.ts";
import { checkQuota, checkReservations } from "./quota-answers.ts";
import { redirectAdvice, serviceProblem } from "./service-problem.ts";
import { type OutletSource, unknownOutlet } from "./outlet.ts";

/** The answers of the Tenant Service, and the form that each must have. */
const forms = {
  waba: 'answer GET …/outlets/{outlet_id}/waba with {"waba_access_token", "phone_number_id" of digits, "waba_id"?} and the optional fields of docs/services.md, or 404 for an unknown one',
  quota: 'answer GET …/quota with {"limit", "used"} as whole numbers, or 404 for an unknown one',
  reservations:
    'answer POST …/quota/reservations with {"reservation_id", "granted", "expires_at"} and POST …/settle with 204, or the first one with 404 if there are no reservations',
  callbacks:
    'answer GET …/callbacks with {"status_callback_url", "secret" of 24 to 64 bytes in base64}, or 404 if the tenant has none',
} as const;

/**
 * A Tenant Service cannot list its outlets. Without one to ask for, the form of its answers is checked as far as it answers for a
 * tenant that it does not know. Of a tenant that was asked for, a unit of quota is reserved and returned.
 */
export async function checkTenantService(
  url: string,
  token: Secret | undefined,
  asked: OutletRef | undefined,
): Promise<OutletSource> {
  const client = createServiceClient({ url, timeoutMs: callTimeoutMs, ...(token && { token }) });
  const name = `Tenant Service at ${url}`;
  const outlet = asked ?? { tenantId: sandboxIds.tenant, outletId: sandboxIds.outlet };
  const [found, quota, callbacks] = await Promise.all([
    createTenantServiceCredentials(client).lookup(outlet),
    checkQuotas(client, outlet.tenantId, asked !== undefined),
    createTenantServiceCallbacks(client).lookup(outlet.tenantId),
  ]);
  await client.close();
  if (found.isErr() && found.error.kind === "Unavailable") {
    return { checks: [problemOf(name, "waba", serviceProblem(found.error.reason))], outlets: [] };
  }
  const problems: Check[] = [];
  if (quota) problems.push(problemOf(name, quota.about, quota.problem));
  if (callbacks.isErr()) {
    const reason = serviceProblem(callbacks.error.reason);
    const problem = reason.startsWith("invalid answer")
      ? reason.replace(/^invalid answer/, "invalid answer about callbacks")
      : `the receiver of callbacks is not known: ${reason}`;
    problems.push(problemOf(name, "callbacks", problem));
  }
  if (found.isOk()) {
    const checks = problems.length > 0 ? problems : [passed(name)];
    return { checks, outlets: [{ ...outlet, credential: found.value }] };
  }
  if (problems.length === 0) {
    problems.push(asked ? unknownOutlet(name, asked) : passed(`${name} (--tenant and --outlet check an outlet of it)`));
  }
  return { checks: problems, outlets: [] };
}

async function checkQuotas(client: ServiceClient, tenantId: string, mustExist: boolean) {
  const problem = await checkQuota(client, tenantId, mustExist);
  if (problem !== undefined) return { about: "quota", problem } as const;
  const reserving = mustExist ? await checkReservations(client, tenantId) : undefined;
  return reserving === undefined ? undefined : ({ about: "reservations", problem: reserving } as const);
}

function problemOf(name: string, about: keyof typeof forms, problem: string): Check {
  return failed(name, problem, adviceOn(about, problem));
}

function adviceOn(about: keyof typeof forms, problem: string): string {
  if (/HTTP 40[13]/.test(problem)) return "set SERVICE_TOKEN to the token that the service expects";
  if (/HTTP 3\d\d/.test(problem)) return redirectAdvice;
  if (/invalid answer|settle/.test(problem)) return forms[about];
  return "check the URL, and that the service runs and can be reached from here";
}
