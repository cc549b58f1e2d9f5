import type { Pause } from "@message-sender/core";
import { EmptyState, Panel, Table, Time } from "@message-sender/pages";

import type { Visitor } from "../console-visitor.ts";
import { pauseName } from "../words/pause-name.ts";

/** Whether the visitor may end a pause: a tenant may end those that it has made for itself. */
export function mayEnd({ owner, tenantId }: Pause, { seesAllTenants, sees }: Visitor): boolean {
  return seesAllTenants || (owner === "tenant" && tenantId !== undefined && sees(tenantId));
}

/** What is paused, by whom and why, with what ends it. */
export function PausePanel({
  pauses,
  visitor,
  tenantId,
}: {
  pauses: readonly Pause[];
  visitor: Visitor;
  tenantId?: string;
}) {
  const query = tenantId === undefined ? "" : `?tenant_id=${encodeURIComponent(tenantId)}`;
  return (
    <Panel
      title="Pauses"
      note={pauses.length === 0 ? "Nothing is paused" : undefined}
      tools={
        <a class="button" href={`/console/pauses/new${query}`}>
          Pause…
        </a>
      }
    >
      {pauses.length === 0 ? (
        <></>
      ) : (
        <Table
          caption="Pauses, the latest first"
          rows={pauses}
          idOf={({ id }) => `pause-${id}`}
          columns={[
            {
              heading: "Paused, and why",
              kind: "wide",
              cell: (pause) => (
                <>
                  <strong>{pauseName(pause)}</strong>
                  <span class="why">{pause.reason}</span>
                </>
              ),
            },
            { heading: "By", cell: ({ by }) => by },
            { heading: "Since", cell: ({ at }) => <Time at={at} /> },
            { heading: "Until", cell: ({ until }) => (until ? <Time at={until} /> : "somebody resumes it") },
            {
              heading: "Action",
              cell: (pause) =>
                mayEnd(pause, visitor) ? (
                  <a class="button small" href={`/console/pauses/resume?id=${encodeURIComponent(pause.id)}`}>
                    Resume…
                  </a>
                ) : (
                  <span class="muted">not yours to end</span>
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** Where there is nothing to list. */
export function NoTenants() {
  return (
    <Panel title="Tenants">
      <EmptyState title="No tenant is known yet">
        <p>A tenant appears with its first message, or at once if it is in the tenants file.</p>
      </EmptyState>
    </Panel>
  );
}
