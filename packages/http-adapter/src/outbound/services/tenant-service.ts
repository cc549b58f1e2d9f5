import type { OutletRef, Unavailable } from "@message-sender/core";
import {
  type Clock,
  type Credential,
  type Credentials,
  type CredentialsError,
  type Quota,
  type QuotaBlock,
  type QuotaError,
  type QuotaRequest,
  type QuotaStanding,
  type TenantUnknown,
  inRealTime,
  isSameCredential,
  toWallTime,
} from "@message-sender/core/adapter";
import { err, ok, safeTry } from "neverthrow";
import { z } from "zod";

import { createCountedQuota, type QuotaReading } from "./counted-quota.ts";
import { isSuccess } from "../http/exchange.ts";
import { parseIsoTime } from "./iso-time.ts";
import {
  nameService,
  path,
  readBody,
  type ServiceAnswer,
  type ServiceClient,
  unexpectedStatus,
} from "./service-client.ts";
import { credentialOf, providerFields, wabaFields } from "./waba-credential.ts";

const named = nameService("Tenant Service");
const wabaRoute = "/api/v1/tenants/{tenant_id}/outlets/{outlet_id}/waba";
const quotaRoute = "/api/v1/tenants/{tenant_id}/quota";
const reservationsRoute = `${quotaRoute}/reservations`;
const settleRoute = `${reservationsRoute}/{reservation_id}/settle`;

const wabaSchema = z.object({
  ...wabaFields,
  waba_id: wabaFields.waba_id.catch(undefined),
  provider: z.object(providerFields).nullish(),
});

/**
 * Credentials from the Tenant Service. Every lookup is a call, without a cache.
 *
 * @example
 * ```ts
 * const credentials = createTenantServiceCredentials(createServiceClient({ url: "http://tenants.internal" }));
 * ```
 */
export function createTenantServiceCredentials(client: ServiceClient): Credentials {
  function lookup({ tenantId, outletId }: OutletRef, refused?: Credential) {
    return safeTry<Credential, CredentialsError>(async function* () {
      const url = path`/api/v1/tenants/${tenantId}/outlets/${outletId}/waba`;
      const answer = yield* await client
        .call({ method: "GET", path: url, route: wabaRoute, isSecret: true })
        .mapErr(named);
      if (answer.status === 404) return err({ kind: "OutletUnknown" as const });
      if (!isSuccess(answer.status)) return err(named(unexpectedStatus(answer)));
      const waba = yield* readBody(wabaSchema, answer).mapErr(named);
      const credential = credentialOf(waba);
      return refused && isSameCredential(credential, refused)
        ? err({ kind: "NoOtherCredential" as const })
        : ok(credential);
    });
  }

  return inRealTime({ lookup });
}

const units = z.int().min(0);
/** No decision depends on it: an unreadable time counts as absent. */
const time = z.unknown().optional().transform(parseIsoTime);

const readingSchema = z.object({ limit: units, used: units, resets_at: time });

const nothingGrantedSchema = z.object({ granted: z.literal(0), resets_at: time });

const reservationSchema = z.object({
  reservation_id: z.string().regex(/^(?!\.{1,2}$|.*EAA[A-Za-z0-9]{20})[\x21-\x7e]{1,256}$/),
  granted: units,
  expires_at: time,
});

const rememberedMs = 300_000;

/** The lifetime of a reservation on the service's clock. Unlimited if unknown: units used late are settled late. */
function theirLifeMs(expiresAt: Date | undefined, answeredAt: Date | undefined): number {
  return expiresAt && answeredAt ? expiresAt.getTime() - answeredAt.getTime() : Infinity;
}

/**
 * Quota of the Tenant Service, reserved there in blocks. If the answer to a reservation is lost, repeating the request returns the
 * same reservation. Otherwise it expires as used: that wastes units, but never overshoots.
 *
 * If the Tenant Service has no reservations, its quota is read and counted here, with the overshoot that `createCountedQuota`
 * describes. The absence of reservations is remembered for five minutes.
 *
 * @example
 * ```ts
 * const quota = createTenantServiceQuota(createServiceClient({ url: "http://tenants.internal" }), { clock: createSystemClock() });
 * ```
 */
export function createTenantServiceQuota(client: ServiceClient, { clock }: { readonly clock: Clock }): Quota {
  const counted = createCountedQuota(readQuota, clock);
  let countedUntilMs = -Infinity;

  function readQuota(tenantId: string) {
    return safeTry<QuotaReading, TenantUnknown | Unavailable>(async function* () {
      const answer = yield* await client
        .call({ method: "GET", path: path`/api/v1/tenants/${tenantId}/quota`, route: quotaRoute })
        .mapErr(named);
      if (answer.status === 404) return err({ kind: "TenantUnknown" as const });
      if (!isSuccess(answer.status)) return err(named(unexpectedStatus(answer)));
      const { limit, used, resets_at } = yield* readBody(readingSchema, answer).mapErr(named);
      const at = answer.date;
      return ok({ limit, used, ...(resets_at && { resetsAt: resets_at }), ...(at && { at }) });
    });
  }

  function reserve(request: QuotaRequest) {
    return safeTry<QuotaBlock, QuotaError>(async function* () {
      const askedMs = clock.monotonicMs();
      if (askedMs < countedUntilMs) return await counted.reserve(request);
      const answer = yield* await client
        .call({
          method: "POST",
          path: path`/api/v1/tenants/${request.tenantId}/quota/reservations`,
          route: reservationsRoute,
          body: { amount: request.amount, ttl_seconds: Math.max(Math.ceil(request.ttlMs / 1000), 1) },
          idempotencyKey: request.id,
        })
        .mapErr(named);
      if (answer.status === 404 || answer.status === 405 || answer.status === 501)
        return await reserveByReading(request);
      if (!isSuccess(answer.status)) return err(named(unexpectedStatus(answer)));
      return await blockOf(answer, request, askedMs);
    });
  }

  /** The reading tells whether the tenant is unknown or the service has no reservations. */
  async function reserveByReading(request: QuotaRequest) {
    const result = await counted.reserve(request);
    if (result.isOk() || result.error.kind === "QuotaExceeded") {
      countedUntilMs = clock.monotonicMs() + rememberedMs;
    }
    return result;
  }

  function blockOf(answer: ServiceAnswer, { tenantId, amount, ttlMs }: QuotaRequest, askedMs: number) {
    return safeTry<QuotaBlock, QuotaError>(async function* () {
      const nothing = nothingGrantedSchema.safeParse(answer.body);
      if (nothing.success) {
        const { resets_at } = nothing.data;
        return err({ kind: "QuotaExceeded" as const, ...(resets_at && { resetsAt: resets_at }) });
      }
      const reservation = yield* readBody(reservationSchema, answer).mapErr(named);
      const { reservation_id: id, granted } = reservation;
      const lifeMs = Math.min(ttlMs, theirLifeMs(reservation.expires_at, answer.date));
      const expiresAt = toWallTime(clock, askedMs + lifeMs);
      const block = { id, tenantId, granted, expiresAt };
      if (granted <= amount) return ok(block);
      const reason = "invalid answer: granted is more than was requested";
      const invalid = err(named({ kind: "Unavailable", reason }));
      // Tries to return the block, which cannot be used.
      return await settle(block, 0)
        .andThen(() => invalid)
        .orElse(() => invalid);
    });
  }

  function settle(block: QuotaBlock, used: number) {
    return safeTry<void, Unavailable>(async function* () {
      if (counted.isOwn(block)) return await counted.settle(block, used);
      const url = path`/api/v1/tenants/${block.tenantId}/quota/reservations/${block.id}/settle`;
      const answer = yield* await client
        .call({ method: "POST", path: url, route: settleRoute, body: { used }, statusSuffices: true })
        .mapErr(named);
      // 404: the service has forgotten the reservation.
      return isSuccess(answer.status) || answer.status === 404 ? ok() : err(named(unexpectedStatus(answer)));
    });
  }

  function standing(tenantId: string) {
    return readQuota(tenantId).map((reading): QuotaStanding => {
      const { limit, resetsAt } = reading;
      return { limit, used: counted.usedOf(tenantId, reading), ...(resetsAt && { resetsAt }) };
    });
  }

  return inRealTime({ reserve, settle, standing });
}
