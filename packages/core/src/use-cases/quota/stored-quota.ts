import { err, errAsync, ok, type Result } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import { type Clock, toWallTime } from "../../ports/clock.ts";
import type { Quota, QuotaBlock, QuotaError, QuotaStanding } from "../../ports/quota.ts";
import type { QuotaCounters, UnitsTaken } from "../../ports/store/quota-counters.ts";
import { byClock } from "../../ports/timeline.ts";

/** How many messages a tenant may send in a calendar period (UTC). `none`: in total, without a reset. */
export interface QuotaLimit {
  readonly limit: number;
  readonly period: "day" | "month" | "none";
}

/** Options of a stored quota. */
export interface StoredQuotaOptions {
  readonly counters: QuotaCounters;
  readonly clock: Clock;
  /** The limit of a tenant; undefined for an unknown one. Called for each block, so a limit may change at any time. */
  readonly limitOf: (tenantId: Identifier) => QuotaLimit | undefined;
}

/**
 * A quota that the sender keeps itself: one limit per tenant and calendar period, counted in the store.
 *
 * @example
 * const quota = createStoredQuota({ counters: store.quotaCounters, clock, limitOf: () => ({ limit: 10_000, period: "day" }) });
 */
export function createStoredQuota({ counters, clock, limitOf }: StoredQuotaOptions): Quota {
  const quota: Quota = {
    reserve({ id, tenantId, amount, ttlMs }) {
      const limit = limitOf(tenantId);
      if (!limit) return errAsync({ kind: "TenantUnknown" });
      const { period } = limit;
      const [now, askedMs] = [clock.now(), clock.monotonicMs()];
      const expiresAt = (): Date => toWallTime(clock, askedMs + ttlMs);
      return counters
        .take({ id, tenantId, amount, period, limit: limit.limit, startsAt: periodStart(now, period) })
        .andThen((taken) => blockOf({ id, tenantId, expiresAt: expiresAt() }, taken, period));
    },
    settle: (block, used) => counters.settle(block.id, used),
    standing(tenantId) {
      const limit = limitOf(tenantId);
      if (!limit) return errAsync({ kind: "TenantUnknown" });
      const startsAt = periodStart(clock.now(), limit.period);
      return counters.read(tenantId, limit.period).map((counted): QuotaStanding => {
        const current = counted && counted.startsAt >= startsAt ? counted : { used: 0, startsAt };
        const resetsAt = periodEnd(current.startsAt, limit.period);
        return { limit: limit.limit, used: current.used, ...(resetsAt && { resetsAt }) };
      });
    },
  };
  return byClock(quota, clock);
}

function blockOf(
  block: Omit<QuotaBlock, "granted">,
  { granted, startsAt }: UnitsTaken,
  period: QuotaLimit["period"],
): Result<QuotaBlock, QuotaError> {
  if (granted > 0) return ok({ ...block, granted });
  const resetsAt = periodEnd(startsAt, period);
  return err({ kind: "QuotaExceeded", ...(resetsAt && { resetsAt }) });
}

function periodStart(now: Date, period: QuotaLimit["period"]): Date {
  if (period === "none") return new Date(0);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), period === "day" ? now.getUTCDate() : 1));
}

function periodEnd(start: Date, period: QuotaLimit["period"]): Date | undefined {
  if (period === "none") return undefined;
  const [year, month, day] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()];
  return new Date(period === "day" ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1));
}
