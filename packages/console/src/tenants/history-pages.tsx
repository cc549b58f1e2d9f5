import { mostReplayedAtOnce, type UndeliveredEntry } from "@message-sender/core/adapter";
import { maskNumbers } from "@message-sender/http-adapter/inbound";
import { Facts, type Html, Panel, Table, Time } from "@message-sender/pages";

import { FormButtons } from "../frame/form-buttons.tsx";
import { messageHref, tenantHref } from "../frame/links.ts";
import { TokenField } from "../frame/token-field.tsx";
import { countText } from "../words/figures.ts";

const sampleSize = 20;

/** The page that asks for, and does, the resend of a tenant's history. */
function historyHref(tenantId: string): string {
  return `${tenantHref(tenantId)}/history`;
}

interface TenantHistoryProps {
  readonly tenantId: string;
  /** What was given up, the earliest first: up to one more than a request delivers. Undefined if it cannot be read now. */
  readonly dead: readonly UndeliveredEntry[] | undefined;
}

/** How much of a tenant's history was given up. */
export function HistoryPanel({ tenantId, dead }: TenantHistoryProps): Html {
  if (!dead) return <Panel title="History" note="It cannot be read now" />;
  if (dead.length === 0) return <Panel title="History" note="Nothing was given up" />;
  return (
    <Panel
      title="History"
      tools={
        <a class="button" href={historyHref(tenantId)}>
          Resend history…
        </a>
      }
    >
      <p>
        The Conversation Service did not take <strong>{countOf(dead)}</strong>. They are kept.
      </p>
    </Panel>
  );
}

/** What a resend of a tenant's history would touch, and the button that does it. */
export function HistoryPreview({
  tenantId,
  dead,
  formToken,
}: TenantHistoryProps & { readonly dead: readonly UndeliveredEntry[]; readonly formToken: string }): Html {
  const shown = dead.slice(0, sampleSize);
  return (
    <div class="column">
      <div class="page-title">
        <h1>Resend history</h1>
      </div>
      <Panel title="What it will touch">
        <Facts of={[["Tenant", tenantId]]} />
        {dead.length === 0 ? (
          <p>Nothing was given up.</p>
        ) : (
          <form method="post" action={historyHref(tenantId)} class="stack">
            <TokenField token={formToken} />
            <p>
              <strong>{countOf(dead)}</strong> that the Conversation Service refused, or did not take within three days.
              Each is delivered as it was, with the same id. Nothing is sent to customers.
            </p>
            {dead.length > mostReplayedAtOnce && (
              <p class="note">A request delivers the first {countText(mostReplayedAtOnce)}.</p>
            )}
            <p class="note">That you do it is recorded in each message and in the log.</p>
            <FormButtons back={tenantHref(tenantId)}>Resend</FormButtons>
          </form>
        )}
      </Panel>
      {shown.length > 0 && (
        <Panel title={shown.length < dead.length ? "The first of them" : "They are"}>
          <Table
            caption="History that was given up, the earliest first"
            rows={shown}
            idOf={({ messageId, version }) => `h-${messageId}-${version}`}
            columns={[
              {
                heading: "Message, and why",
                kind: "wide",
                cell: ({ messageId, why }) => (
                  <>
                    <a href={messageHref({ id: messageId })}>{messageId}</a>
                    {why !== undefined && <span class="why">{maskNumbers(why)}</span>}
                  </>
                ),
              },
              { heading: "Version", kind: "number", cell: ({ version }) => String(version) },
              { heading: "Tries", kind: "number", cell: ({ claims }) => countText(claims) },
              { heading: "Since", cell: ({ enqueuedAt }) => <Time at={enqueuedAt} /> },
            ]}
          />
        </Panel>
      )}
    </div>
  );
}

/** What was done, and how to go on if there is more. */
export function HistoryDone({
  tenantId,
  replayed,
  formToken,
}: {
  tenantId: string;
  replayed: number;
  formToken: string;
}): Html {
  return (
    <div class="column narrow">
      <section class="panel">
        <h1>Resend history</h1>
        <p role="status">
          <strong>{`${countText(replayed)} ${replayed === 1 ? "update is" : "updates are"} being delivered.`}</strong>
        </p>
        {replayed >= mostReplayedAtOnce && (
          <form method="post" action={historyHref(tenantId)}>
            <TokenField token={formToken} />
            <p>There may be more.</p>
            <button type="submit" class="primary">
              Go on
            </button>
          </form>
        )}
        <p>
          <a href={tenantHref(tenantId)}>Back to the tenant</a>
        </p>
      </section>
    </div>
  );
}

function countOf(dead: readonly UndeliveredEntry[]): string {
  if (dead.length > mostReplayedAtOnce) return `more than ${countText(mostReplayedAtOnce)} updates`;
  return `${countText(dead.length)} ${dead.length === 1 ? "update" : "updates"}`;
}
