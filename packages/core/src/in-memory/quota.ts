import { errAsync, okAsync } from "neverthrow";

import type { Identifier } from "../domain/identifiers.ts";
import type { Clock } from "../ports/clock.ts";
import type { Quota, QuotaBlock } from "../ports/quota.ts";

/** How many messages a tenant may send in a calendar period (UTC); `none` is once and for all. */
export interface QuotaLimit {
  readonly limit: number;
  readonly period: "day" | "month" | "none";
}

export interface InMemoryQuota extends Quota {
  /** Units used or set aside in the present period. */
  used(tenantId: Identifier): number;
}

interface Counter {
  startsAt: number;
  used: number;
}

/** Counts in memory. `limitOf` knows the tenants; it is asked each time, so that a limit may change. */
export function createInMemoryQuota(options: {
  clock: Clock;
  limitOf: (tenantId: Identifier) => QuotaLimit | undefined;
}): InMemoryQuota {
  const { clock, limitOf } = options;
  const counters = new Map<Identifier, Counter>();
  const blocks = new Map<string, { used: number; readonly counter: Counter }>();
  let blockCount = 0;

  /** A period that has begun stays: a clock that is set back does not open the one before again. */
  function counterOf(tenantId: Identifier, { period }: QuotaLimit): Counter {
    const startsAt = periodStart(clock.now(), period);
    const present = counters.get(tenantId);
    if (present && present.startsAt >= startsAt) return present;
    const counter = { startsAt, used: 0 };
    counters.set(tenantId, counter);
    return counter;
  }

  return {
    reserve({ tenantId, amount, ttlMs }) {
      const limit = limitOf(tenantId);
      if (!limit) return errAsync({ kind: "TenantUnknown" });
      const counter = counterOf(tenantId, limit);
      const granted = Math.min(amount, limit.limit - counter.used);
      if (granted <= 0) {
        const resetsAt = periodEnd(counter.startsAt, limit.period);
        return errAsync({ kind: "QuotaExceeded", ...(resetsAt && { resetsAt }) });
      }
      counter.used += granted;
      const expiresAt = new Date(clock.now().getTime() + ttlMs);
      const block: QuotaBlock = { id: `block-${(blockCount += 1)}`, tenantId, granted, expiresAt };
      blocks.set(block.id, { used: granted, counter });
      return okAsync(block);
    },
    settle(block, used) {
      const entry = blocks.get(block.id);
      if (entry) {
        entry.counter.used += used - entry.used;
        entry.used = used;
      }
      return okAsync(undefined);
    },
    used: (tenantId) => counters.get(tenantId)?.used ?? 0,
  };
}

function periodStart(now: Date, period: QuotaLimit["period"]): number {
  if (period === "none") return 0;
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), period === "day" ? now.getUTCDate() : 1);
}

function periodEnd(startsAt: number, period: QuotaLimit["period"]): Date | undefined {
  const start = new Date(startsAt);
  if (period === "day") return new Date(startsAt + 86_400_000);
  return period === "month" ? new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1)) : undefined;
}
