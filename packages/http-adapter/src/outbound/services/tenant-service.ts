import {
  type Clock,
  type Credential,
  type Credentials,
  type CredentialsError,
  inRealTime,
  isSameCredential,
  type OutletRef,
  type Quota,
  type QuotaBlock,
  type QuotaError,
  type QuotaRequest,
  Secret,
  type TenantUnknown,
  toWallTime,
  type Unavailable,
} from "@message-sender/core";
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

const named = nameService("Tenant Service");

const wabaSchema = z.object({
  waba_access_token: z.string().regex(/^[\x21-\x7e]{1,4096}$/),
  phone_number_id: z.string().regex(/^\d{1,32}$/),
  waba_id: z
    .string()
    .regex(/^\d{1,32}$/)
    .optional()
    .catch(undefined),
});

/** Credentials as the Tenant Service knows them. Asks it at every lookup and remembers nothing. */
export function createTenantServiceCredentials(client: ServiceClient): Credentials {
  function lookup({ tenantId, outletId }: OutletRef, refused?: Credential) {
    return safeTry<Credential, CredentialsError>(async function* () {
      const url = path`/api/v1/tenants/${tenantId}/outlets/${outletId}/waba`;
      const answer = yield* await client.call({ method: "GET", path: url, isSecret: true }).mapErr(named);
      if (answer.status === 404) return err({ kind: "OutletUnknown" as const });
      if (!isSuccess(answer.status)) return err(named(unexpectedStatus(answer)));
      const waba = yield* readBody(wabaSchema, answer).mapErr(named);
      const credential = {
        accessToken: new Secret(waba.waba_access_token),
        phoneNumberId: waba.phone_number_id,
        ...(waba.waba_id !== undefined && { wabaId: waba.waba_id }),
      };
      return refused && isSameCredential(credential, refused)
        ? err({ kind: "NoOtherCredential" as const })
        : ok(credential);
    });
  }

  return inRealTime({ lookup });
}

const units = z.int().min(0);
/** It decides nothing: a time that cannot be read counts as absent. */
const time = z.unknown().optional().transform(parseIsoTime);

const readingSchema = z.object({ limit: units, used: units, resets_at: time });

const nothingGrantedSchema = z.object({ granted: z.literal(0), resets_at: time });

const reservationSchema = z.object({
  reservation_id: z.string().regex(/^(?!\.{1,2}$|.*EAA[A-Za-z0-9]{20})[\x21-\x7e]{1,256}$/),
  granted: units,
  expires_at: time,
});

const rememberedMs = 300_000;

/** How long a reservation lives by the service's clock. Unlimited where that is unknown: units used late are settled late. */
function theirLifeMs(expiresAt: Date | undefined, answeredAt: Date | undefined): number {
  return expiresAt && answeredAt ? expiresAt.getTime() - answeredAt.getTime() : Infinity;
}

/**
 * Quota as the Tenant Service keeps it, reserved there in blocks. A reservation whose answer is lost is found by repeating
 * its request; one that is not repeated expires as used, so it can waste units and never overshoots.
 *
 * A Tenant Service without reservations is used through its quota reading alone, as `createCountedQuota` describes,
 * with the overshoot that it allows; that it has none is remembered for five minutes.
 */
export function createTenantServiceQuota(client: ServiceClient, { clock }: { readonly clock: Clock }): Quota {
  const counted = createCountedQuota(readQuota, clock);
  let countedUntilMs = -Infinity;

  function readQuota(tenantId: string) {
    return safeTry<QuotaReading, TenantUnknown | Unavailable>(async function* () {
      const answer = yield* await client
        .call({ method: "GET", path: path`/api/v1/tenants/${tenantId}/quota` })
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

  /** The reading decides: an unknown tenant, or a service that has no reservations. */
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
      const reason = "odd answer: granted is more than was asked for";
      const odd = err(named({ kind: "Unavailable", reason }));
      // What cannot be used goes back, if that works.
      return await settle(block, 0)
        .andThen(() => odd)
        .orElse(() => odd);
    });
  }

  function settle(block: QuotaBlock, used: number) {
    return safeTry<void, Unavailable>(async function* () {
      if (counted.isOwn(block)) return await counted.settle(block, used);
      const url = path`/api/v1/tenants/${block.tenantId}/quota/reservations/${block.id}/settle`;
      const answer = yield* await client
        .call({ method: "POST", path: url, body: { used }, statusSuffices: true })
        .mapErr(named);
      // 404: the reservation is forgotten there, and nothing more can be said of it.
      return isSuccess(answer.status) || answer.status === 404 ? ok() : err(named(unexpectedStatus(answer)));
    });
  }

  return inRealTime({ reserve, settle });
}
