import type { Clock, Quota, QuotaBlock } from "@message-sender/core/adapter";
import { errAsync, okAsync } from "neverthrow";

const dayMs = 86_400_000;

/** A quota of your own: what a tenant may send in a day is in the plan that it pays for. */
export function createPlanQuota(options: { clock: Clock; perDay: (tenantId: string) => number | undefined }): Quota {
  const { clock, perDay } = options;
  const usedOn = new Map<string, number>();
  const blocks = new Map<string, { readonly block: QuotaBlock; readonly day: string; used: number }>();

  const use = (day: string, units: number) => usedOn.set(day, (usedOn.get(day) ?? 0) + units);

  return {
    reserve({ id, tenantId, amount, ttlMs }) {
      const known = blocks.get(id);
      if (known) return okAsync(known.block);
      const limit = perDay(tenantId);
      if (limit === undefined) return errAsync({ kind: "TenantUnknown" });
      const now = clock.now().getTime();
      const today = Math.floor(now / dayMs);
      const day = `${tenantId} ${today}`;
      const granted = Math.min(amount, limit - (usedOn.get(day) ?? 0));
      if (granted <= 0) return errAsync({ kind: "QuotaExceeded", resetsAt: new Date((today + 1) * dayMs) });

      const block = { id, tenantId, granted, expiresAt: new Date(now + ttlMs) };
      blocks.set(id, { block, day, used: granted });
      use(day, granted);
      return okAsync(block);
    },

    settle(block, used) {
      const entry = blocks.get(block.id);
      if (entry) {
        use(entry.day, used - entry.used);
        entry.used = used;
      }
      return okAsync(undefined);
    },
  };
}
