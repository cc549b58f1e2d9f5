import { type BacklogMeasure, topics } from "@message-sender/core/adapter";
import { Badge, EmptyState, Panel, Table, Time } from "@message-sender/pages";

import { messagesHref, tenantHref } from "../frame/links.ts";
import { NumberTable } from "../service/number-table.tsx";
import { heldFirst } from "../service/numbers.ts";
import type { ProcessReport } from "../service/service-view.ts";
import { ShortId } from "../frame/short-id.tsx";
import { QuotaTable } from "../service/quota-table.tsx";
import { roughDuration } from "../words/duration.ts";
import { countText } from "../words/figures.ts";
import { mostCounted, type Overview } from "./overview-facts.ts";
import { whyItWaits } from "./why-it-waits.ts";

/** What waits in the queue, by outlet, and why. */
export function QueuePanel({ queue, numbers }: Pick<Overview, "queue" | "numbers">) {
  if (!queue) return <Unreadable title="Queue" />;
  if (queue.outlets.length === 0)
    return (
      <Panel title="Queue" note="Nothing waits">
        <></>
      </Panel>
    );
  return (
    <Panel title="Queue" note={queue.isComplete ? undefined : "The outlets whose messages have been due longest"}>
      <Table
        caption="Queued messages by outlet"
        rows={queue.outlets}
        idOf={({ tenantId, outletId }) => `line-${tenantId}-${outletId}`}
        columns={[
          {
            heading: "Outlet, and why it waits",
            kind: "wide",
            cell: (line) => (
              <>
                <a href={tenantHref(line.tenantId)}>
                  <ShortId of={line.tenantId} />
                </a>
                {" / "}
                <ShortId of={line.outletId} />
                <span class="why">{whyItWaits(line, numbers)}</span>
              </>
            ),
          },
          {
            heading: "Waiting",
            kind: "number",
            cell: ({ tenantId, outletId, open }) => (
              <a href={messagesHref({ tenant: tenantId, outlet: outletId, status: "queued" })}>
                {countText(open, mostCounted)}
              </a>
            ),
          },
          { heading: "Due", kind: "number", cell: ({ due }) => countText(due, mostCounted) },
          {
            heading: "Oldest due",
            kind: "number",
            cell: ({ due, dueForMs }) => (due > 0 ? roughDuration(dueForMs) : "–"),
          },
        ]}
      />
    </Panel>
  );
}

export function NumbersPanel({ numbers }: Pick<Overview, "numbers">) {
  const held = numbers.filter(({ hold }) => hold);
  const shown = heldFirst(numbers).slice(0, mostNumbers);
  return (
    <Panel
      title="Numbers"
      note={
        held.length === 0
          ? "None is held"
          : `${countText(held.length)} of ${countText(numbers.length)} ${held.length === 1 ? "is" : "are"} held`
      }
      tools={<a href="/console/tenants">All numbers</a>}
    >
      {shown.length === 0 ? (
        <EmptyState title="No number has been used yet" />
      ) : (
        <NumberTable numbers={shown} caption="Phone numbers, the held ones first" />
      )}
    </Panel>
  );
}

const mostNumbers = 12;

export function QuotaPanel({ quotas }: Pick<Overview, "quotas">) {
  return (
    <Panel title="Quota" tools={<a href="/console/tenants">All tenants</a>}>
      {quotas.size === 0 ? <EmptyState title="No tenant is known yet" /> : <QuotaTable quotas={quotas} />}
    </Panel>
  );
}

const receivers = {
  history: "Conversation Service (history)",
  webhook: "Receiver of webhooks",
  status: "Receivers of status callbacks",
} as const;

/** What waits to be delivered to others. */
export function DeliveriesPanel({ backlog }: { backlog: BacklogMeasure }) {
  return (
    <Panel title="Deliveries">
      <Table
        caption="Deliveries that wait, by receiver"
        rows={topics}
        idOf={(topic) => `topic-${topic}`}
        columns={[
          { heading: "To", kind: "wide", cell: (topic) => receivers[topic] },
          {
            heading: "Waiting",
            kind: "number",
            cell: (topic) => countText(backlog.outbox[topic].waiting.count, mostCounted),
          },
          {
            heading: "Lag",
            kind: "number",
            cell: (topic) => roughDuration(backlog.outbox[topic].waiting.oldestMs),
          },
          {
            heading: "Given up",
            kind: "number",
            cell: (topic) => {
              const { dead } = backlog.outbox[topic];
              return dead > 0 ? <Badge tone="bad">{countText(dead, mostCounted)}</Badge> : "0";
            },
          },
        ]}
      />
    </Panel>
  );
}

/** The processes of the server. */
export function ProcessesPanel({ processes }: { processes: readonly ProcessReport[] }) {
  return (
    <Panel title="Processes" note="Of this server; the plots and numbers are of all of them">
      <Table
        caption="Processes of this server"
        rows={processes}
        idOf={({ process }) => `process-${process}`}
        columns={[
          { heading: "Process", cell: ({ process }) => String(process) },
          { heading: "Since", kind: "wide", cell: ({ startedAt }) => <Time at={startedAt} /> },
          { heading: "In flight", kind: "number", cell: ({ inFlight }) => countText(inFlight) },
          { heading: "Waiting", kind: "number", cell: ({ waiting }) => countText(waiting) },
          {
            heading: "Overload",
            kind: "number",
            cell: ({ overload }) => (overload > 0 ? <Badge tone="bad">{`level ${overload}`}</Badge> : "none"),
          },
        ]}
      />
    </Panel>
  );
}

function Unreadable({ title }: { title: string }) {
  return (
    <Panel title={title}>
      <EmptyState title="The store cannot be read now" />
    </Panel>
  );
}
