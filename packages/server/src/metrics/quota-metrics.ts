import type { Handlers } from "./handlers.ts";
import type { Instruments } from "./instruments.ts";

/** Quota of all tenants together: a label for each tenant would have no limit. */
export function createQuotaMetrics({
  counter,
}: Instruments): Handlers<"QuotaReserved" | "QuotaSettled" | "QuotaUnsettled"> {
  const requested = counter({
    name: "quota_units_requested_total",
    help: "Units of quota that granted blocks were asked for.",
  });
  const granted = counter({ name: "quota_units_granted_total", help: "Units of quota that were granted, in blocks." });
  const used = counter({
    name: "quota_units_used_total",
    help: "Units that were settled as used. Units that are given back later are not subtracted.",
  });
  const failures = counter({
    name: "quota_settlement_failures_total",
    help: "Settlements of a block of quota that failed. They are repeated.",
  });

  return {
    QuotaReserved(event) {
      requested.inc(event.requested);
      granted.inc(event.granted);
    },
    QuotaSettled: (event) => used.inc(Math.max(0, event.used - event.before)),
    QuotaUnsettled: () => failures.inc(),
  };
}
