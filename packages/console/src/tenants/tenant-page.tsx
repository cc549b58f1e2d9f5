import type { KnownOutlet, TenantQuota, Usage } from "@message-sender/core";
import { Facts, Panel, Table, Time } from "@message-sender/pages";

import { messagesHref, numberHref } from "../frame/links.ts";
import type { NumberLine } from "../service/numbers.ts";
import { QuotaMeter } from "../service/quota-table.tsx";
import { leftOf } from "../service/quota-use.ts";
import { countText } from "../words/figures.ts";
import { limitText, type NumberHealth, QualityBadge, stateText, TokenBadge } from "./number-health.tsx";
import { byPricing } from "./pricing.ts";

/** An outlet of a tenant, with what WhatsApp says about its number. */
export interface OutletLine extends KnownOutlet {
  readonly health: NumberHealth;
  readonly number?: NumberLine;
}

export function OutletsPanel({ outlets }: { outlets: readonly OutletLine[] }) {
  return (
    <Panel title="Outlets" note="Token, quality and limit are what WhatsApp said within the last ten minutes">
      <Table
        caption="Outlets of the tenant"
        rows={outlets}
        idOf={({ outletId }) => `outlet-${outletId}`}
        columns={[
          {
            heading: "Outlet",
            kind: "wide",
            cell: ({ outletId, tenantId, phoneNumberId, health, number }) => {
              const facts = health && !("kind" in health) ? health : undefined;
              return (
                <>
                  <strong>{facts?.verifiedName ?? outletId}</strong>
                  {facts?.displayPhoneNumber !== undefined && <span class="under">{facts.displayPhoneNumber}</span>}
                  {facts?.verifiedName !== undefined && <span class="under id">{outletId}</span>}
                  <span class="under">
                    <a href={messagesHref({ tenantId, outletId })}>Messages</a>
                    {phoneNumberId !== undefined && (
                      <>
                        {" · "}
                        <a href={numberHref(phoneNumberId)}>{`Number ${phoneNumberId}`}</a>
                      </>
                    )}
                  </span>
                  {number?.hold && <span class="why">{`Held: ${number.hold.reason}`}</span>}
                </>
              );
            },
          },
          {
            heading: "Token",
            cell: ({ health, credential }) => <TokenBadge health={health} credential={credential} />,
          },
          { heading: "Quality", cell: ({ health }) => <QualityBadge health={health} /> },
          {
            heading: "Limit",
            cell: ({ health }) => (
              <>
                {limitText(health)}
                {stateText(health) !== undefined && <span class="under">{stateText(health)}</span>}
              </>
            ),
          },
        ]}
      />
    </Panel>
  );
}

export function TenantQuotaPanel({ tenantId, quota }: { tenantId: string; quota: TenantQuota | undefined }) {
  return (
    <Panel title="Quota">
      {quota ? (
        <>
          <QuotaMeter tenantId={tenantId} quota={quota} />
          <Facts
            of={[
              ["Left", countText(leftOf(quota))],
              ["Reserved, not used yet", countText(quota.unused)],
              ["Limit", countText(quota.limit)],
              ["Resets", quota.resetsAt && <Time at={quota.resetsAt} />],
            ]}
          />
        </>
      ) : (
        <p class="muted">The quota does not say how much is used.</p>
      )}
    </Panel>
  );
}

/** Undefined while it is being counted; null if it could not be. */
export function UsagePanel({ usage }: { usage: Usage | undefined | null }) {
  if (!usage) return <Panel title="Usage" note={usage === null ? "It cannot be counted now" : "It is being counted"} />;
  const rows = byPricing(usage);
  return (
    <Panel
      title="Usage"
      note={
        <>
          {"By Meta's pricing category, since "}
          <Time at={usage.since} form="day" />
        </>
      }
    >
      {rows.length === 0 ? (
        <p class="muted">No messages were accepted in this time.</p>
      ) : (
        <Table
          caption="Usage by pricing category"
          rows={rows}
          columns={[
            { heading: "Category", kind: "wide", cell: ({ category }) => category },
            { heading: "Messages", kind: "number", cell: ({ messages }) => countText(messages) },
            { heading: "Delivered", kind: "number", cell: ({ delivered }) => countText(delivered) },
            { heading: "Not sent", kind: "number", cell: ({ failed }) => countText(failed) },
            { heading: "Billable", kind: "number", cell: ({ billable }) => countText(billable) },
          ]}
        />
      )}
    </Panel>
  );
}
