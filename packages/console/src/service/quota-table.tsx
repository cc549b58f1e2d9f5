import type { TenantQuota } from "@message-sender/core";
import { Table, Time } from "@message-sender/pages";

import { tenantHref } from "../frame/links.ts";
import { leftOf, shareOf, usedOf } from "./quota-use.ts";
import { ShortId } from "./short-id.tsx";
import { countText, percentText } from "../words/figures.ts";

/** How tenants stand. A unit that is only reserved counts as left. */
export function QuotaTable({ quotas }: { quotas: ReadonlyMap<string, TenantQuota> }) {
  return (
    <Table
      caption="Quota by tenant"
      rows={[...quotas].toSorted(([, a], [, b]) => shareOf(b) - shareOf(a))}
      idOf={([tenantId]) => `quota-${tenantId}`}
      columns={[
        {
          heading: "Tenant",
          cell: ([tenantId]) => (
            <a href={tenantHref(tenantId)}>
              <ShortId of={tenantId} />
            </a>
          ),
        },
        { heading: "Used", kind: "wide", cell: ([tenantId, quota]) => <QuotaBar tenantId={tenantId} quota={quota} /> },
        { heading: "Left", kind: "number", cell: ([, quota]) => countText(leftOf(quota)) },
        { heading: "Of", kind: "number", cell: ([, { limit }]) => countText(limit) },
        { heading: "Resets", cell: ([, { resetsAt }]) => (resetsAt ? <Time at={resetsAt} /> : "–") },
      ]}
    />
  );
}

/** How much of a quota is used, as a bar and in figures. */
export function QuotaBar({ tenantId, quota }: { tenantId: string; quota: TenantQuota }) {
  return (
    <span class="quota-bar">
      <meter
        aria-label={`Used quota of ${tenantId}`}
        min={0}
        max={Math.max(1, quota.limit)}
        high={quota.limit * 0.9}
        optimum={0}
        value={Math.min(usedOf(quota), quota.limit)}
      />
      <span>{`${countText(usedOf(quota))} · ${percentText(shareOf(quota))}`}</span>
    </span>
  );
}
