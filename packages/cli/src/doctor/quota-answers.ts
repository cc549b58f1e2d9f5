import { randomUUID } from "node:crypto";

import { createSystemClock } from "@message-sender/core/node";
import { createTenantServiceQuota, type ServiceClient } from "@message-sender/http-adapter/outbound";
import { z } from "zod";

import { serviceProblem } from "./service-problem.ts";

const readingSchema = z.object({ limit: z.int().min(0), used: z.int().min(0) });

/** What is wrong with the quota of a tenant. */
export async function checkQuota(
  client: ServiceClient,
  tenantId: string,
  mustExist: boolean,
): Promise<string | undefined> {
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

const ttlMs = 60_000;

/** Reserves one unit as a server does, and settles it with none used, which returns it. A quota that is used up is an answer too. */
export async function checkReservations(client: ServiceClient, tenantId: string): Promise<string | undefined> {
  const quota = createTenantServiceQuota(client, { clock: createSystemClock() });
  const reserved = await quota.reserve({ id: randomUUID(), tenantId, amount: 1, ttlMs });
  if (reserved.isErr()) {
    return reserved.error.kind === "Unavailable" ? aboutReservations(reserved.error.reason) : undefined;
  }
  const settled = await quota.settle(reserved.value, 0);
  return settled.isErr() ? `a reservation cannot be settled: ${serviceProblem(settled.error.reason)}` : undefined;
}

function aboutReservations(reason: string): string {
  const problem = serviceProblem(reason);
  return problem.startsWith("invalid answer")
    ? problem.replace(/^invalid answer/, "invalid answer about reservations")
    : `a reservation is refused: ${problem}`;
}
