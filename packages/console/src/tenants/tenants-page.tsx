import type { KnownOutlet, Pause, TenantQuota } from "@message-sender/core";
import { Badge, EmptyState, Panel, Table } from "@message-sender/pages";

import { tenantHref } from "../frame/links.ts";
import { NumberTable } from "../service/number-table.tsx";
import { heldFirst, type NumberLine } from "../service/numbers.ts";
import { QuotaMeter } from "../service/quota-table.tsx";
import { countText } from "../words/figures.ts";

/** A tenant in the list. */
export interface TenantLine {
  readonly tenantId: string;
  readonly outlets: readonly KnownOutlet[];
  readonly held: number;
  readonly pauses: readonly Pause[];
  readonly quota?: TenantQuota;
}

/** Tenants, each in a line. */
export function TenantsPanel({ tenants, isComplete }: { tenants: readonly TenantLine[]; isComplete: boolean }) {
  return (
    <Panel
      title="Tenants"
      tools={
        <form method="get" action="/console/tenants" class="toolbar">
          <input
            name="tenant"
            aria-label="Tenant id"
            placeholder="Tenant id"
            required
            maxlength={128}
            autocomplete="off"
          />
          <button type="submit">Open</button>
        </form>
      }
      note={isComplete ? "That have messages, or are in the tenants file" : `The first ${countText(tenants.length)}`}
    >
      <Table
        caption="Tenants"
        rows={tenants}
        idOf={({ tenantId }) => `tenant-${tenantId}`}
        columns={[
          {
            heading: "Tenant",
            kind: "wide",
            cell: ({ tenantId, outlets }) => (
              <>
                <a href={tenantHref(tenantId)}>{tenantId}</a>
                <span class="under">{counted(outlets.length, "outlet")}</span>
              </>
            ),
          },
          {
            heading: "Quota used",
            cell: ({ tenantId, quota }) => (quota ? <QuotaMeter tenantId={tenantId} quota={quota} /> : "–"),
          },
          { heading: "Condition", cell: (tenant) => <Condition of={tenant} /> },
        ]}
      />
    </Panel>
  );
}

function Condition({ of: { pauses, held, outlets } }: { of: TenantLine }) {
  const refused = outlets.filter(({ credential }) => credential === "refused").length;
  const unknown = outlets.filter(({ credential }) => credential === "unknown").length;
  const found = [
    refused > 0 && <Badge tone="bad">{counted(refused, "refused token")}</Badge>,
    unknown > 0 && <Badge tone="bad">{counted(unknown, "unknown outlet")}</Badge>,
    pauses.length > 0 && <Badge tone="warn">{`${pauses.length} paused`}</Badge>,
    held > 0 && <Badge tone="warn">{`${counted(held, "number")} held`}</Badge>,
  ].filter((badge) => badge !== false);
  return found.length === 0 ? <Badge tone="good">Well</Badge> : <span class="badges">{found}</span>;
}

function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const mostNumbers = 200;

/** All numbers, the held ones first. */
export function AllNumbersPanel({ numbers }: { numbers: readonly NumberLine[] }) {
  const shown = heldFirst(numbers).slice(0, mostNumbers);
  const rest =
    numbers.length > shown.length ? `. The first ${countText(shown.length)} of ${countText(numbers.length)}` : "";
  return (
    <Panel title="Numbers" note={`What holds each, and why, as all processes of this server know it${rest}`}>
      {numbers.length === 0 ? (
        <EmptyState title="No number has been used yet" />
      ) : (
        <NumberTable numbers={shown} caption="Phone numbers, the held ones first" />
      )}
    </Panel>
  );
}
