import { type Context, Hono } from "hono";
import { z } from "zod";

import { type BoundedLog, createBoundedLog } from "../collections/bounded-log.ts";
import { setBounded } from "../collections/bounded-map.ts";
import type { Exchange } from "../faults/exchange.ts";
import type { FaultTarget } from "../faults/fault.ts";
import { type Answer, type Env, json, problem } from "../http/answer.ts";
import { bearerOf, type Draft, recordOf, type RecordedRequest } from "../http/request-record.ts";
import type { Tenants } from "./tenants.ts";

/** A request to the Tenant Service. */
export interface TenantRequest extends RecordedRequest {
  readonly tenantId: string;
  readonly outletId?: string;
  readonly idempotencyKey?: string;
}

export interface TenantService {
  readonly app: Hono<Env>;
  readonly log: BoundedLog<TenantRequest>;
  /** The answers to reservations, by their idempotency keys. */
  save(): SavedReservations;
  restore(saved: SavedReservations): void;
  reset(): void;
}

interface SavedReservations {
  readonly count: number;
  readonly answers: readonly (readonly [key: string, answer: Answer])[];
}

interface TenantServiceDeps {
  readonly exchange: Exchange;
  readonly tenants: () => Tenants;
  readonly keep: number;
  /** false: reservations are answered with 404. */
  readonly reservations: boolean;
  readonly serviceToken: string | undefined;
}

type Handle = (entry: Draft<TenantRequest>) => Answer;
type PathIds = Pick<TenantRequest, "tenantId" | "outletId">;

const reservationSchema = z.object({ amount: z.int().min(1), ttl_seconds: z.number().positive() });
const settlementSchema = z.object({ used: z.int().min(0) });
const settled: Answer = { status: 204, headers: {}, body: null };
/** The clock by which expiries are given; Node's own Date header may be a second old, even after the clock was set. */
const date = () => ({ date: new Date().toUTCString() });
const unknownTenant = problem(404, "Unknown tenant");

export function createTenantService(deps: TenantServiceDeps): TenantService {
  const { exchange, tenants, keep } = deps;
  const app = new Hono<Env>();
  const log = createBoundedLog<TenantRequest>(keep);
  const answers = new Map<string, Answer>();
  let reserved = 0;

  function run(c: Context<Env>, { tenantId, outletId }: PathIds, target: FaultTarget, handle: Handle) {
    const entry: Draft<TenantRequest> = { ...recordOf(c), tenantId };
    const key = c.req.header("idempotency-key");
    if (outletId !== undefined) entry.outletId = outletId;
    if (key !== undefined) entry.idempotencyKey = key;
    log.add(entry);
    const answer: Handle =
      deps.serviceToken === undefined || bearerOf(entry) === deps.serviceToken
        ? handle
        : () => problem(401, "Unauthorized");
    return exchange(c, { target, facts: { tenantId }, entry, answer, headers: date });
  }

  app.get("/api/v1/tenants/:tenantId/outlets/:outletId/waba", (c) => {
    const { tenantId, outletId } = c.req.param();
    return run(c, { tenantId, outletId }, "tenant.credentials", () => {
      const credentials = tenants().credentials(tenantId, outletId);
      return credentials ? json(200, credentials) : problem(404, "Unknown tenant or outlet");
    });
  });

  app.get("/api/v1/tenants/:tenantId/quota", (c) => {
    const { tenantId } = c.req.param();
    return run(c, { tenantId }, "tenant.quota", () => {
      const quota = tenants().quota(tenantId);
      return quota ? json(200, { ...quota.state(), resets_at: quota.resetsAt() }) : unknownTenant;
    });
  });

  app.get("/api/v1/tenants/:tenantId/callbacks", (c) => {
    const { tenantId } = c.req.param();
    return run(c, { tenantId }, "tenant.callbacks", () => {
      const callbacks = tenants().callbacks(tenantId);
      return callbacks ? json(200, callbacks) : problem(404, "Unknown tenant, or one without callbacks");
    });
  });

  app.post("/api/v1/tenants/:tenantId/quota/reservations", (c) => run(c, c.req.param(), "tenant.quota", reserve));

  app.post("/api/v1/tenants/:tenantId/quota/reservations/:reservationId/settle", (c) => {
    const { tenantId, reservationId } = c.req.param();
    return run(c, { tenantId }, "tenant.quota", (entry) => settle(entry, reservationId));
  });

  function reserve({ tenantId, idempotencyKey, body }: TenantRequest): Answer {
    if (!deps.reservations) return problem(404, "Not found");
    const quota = tenants().quota(tenantId);
    if (!quota) return unknownTenant;
    if (!idempotencyKey) return problem(400, "Bad request", "The Idempotency-Key header is missing.");
    const known = answers.get(`${tenantId} ${idempotencyKey}`);
    if (known) return known;
    const input = reservationSchema.safeParse(body);
    if (!input.success) return problem(400, "Bad request", z.prettifyError(input.error));
    reserved += 1;
    const { amount, ttl_seconds } = input.data;
    const reservation = quota.reserve(`reservation-${reserved}`, amount, ttl_seconds * 1000);
    const answer = json(201, {
      reservation_id: reservation.id,
      granted: reservation.granted,
      expires_at: reservation.expiresAt,
      remaining: quota.state().remaining,
      resets_at: quota.resetsAt(),
    });
    setBounded(answers, `${tenantId} ${idempotencyKey}`, answer, keep);
    return answer;
  }

  function settle({ tenantId, body }: TenantRequest, reservationId: string): Answer {
    if (!deps.reservations) return problem(404, "Not found");
    const quota = tenants().quota(tenantId);
    if (!quota) return unknownTenant;
    const input = settlementSchema.safeParse(body);
    if (!input.success) return problem(400, "Bad request", z.prettifyError(input.error));
    return quota.settle(reservationId, input.data.used) ? settled : problem(404, "Unknown reservation");
  }

  function reset(): void {
    log.clear();
    answers.clear();
  }

  return {
    app,
    log,
    save: () => ({ count: reserved, answers: [...answers] }),
    restore(saved) {
      reserved = Math.max(reserved, saved.count);
      for (const [key, answer] of saved.answers) answers.set(key, answer);
    },
    reset,
  };
}
