import type { TenantQuota } from "@message-sender/core";
import { Meter, Table, Time } from "@message-sender/pages";

import { tenantHref } from "../frame/links.ts";
import { leftOf, shareOf, usedOf } from "./quota-use.ts";
import { ShortId } from "../frame/short-id.tsx";
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
        {
          heading: "Used",
          kind: "wide",
          cell: ([tenantId, quota]) => <QuotaMeter tenantId={tenantId} quota={quota} />,
        },
        { heading: "Left", kind: "number", cell: ([, quota]) => countText(leftOf(quota)) },
        { heading: "Of", kind: "number", cell: ([, { limit }]) => countText(limit) },
        { heading: "Resets", cell: ([, { resetsAt }]) => (resetsAt ? <Time at={resetsAt} /> : "–") },
      ]}
    />
  );
}

/** How much of a quota is used, as a bar and in figures. */
export function QuotaMeter({ tenantId, quota }: { tenantId: string; quota: TenantQuota }) {
  return (
    <Meter
      label={`Used quota of ${tenantId}`}
      isLabelHidden
      value={usedOf(quota)}
      max={quota.limit}
      text={`${countText(usedOf(quota))} · ${percentText(shareOf(quota))}`}
    />
  );
}
