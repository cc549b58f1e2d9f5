import { Badge, Panel, Table, Time } from "@message-sender/pages";

import type { AccountNotice } from "./account-notices.ts";

/** What Meta has said about accounts and their numbers. */
export function AccountNoticesPanel({ notices }: { notices: readonly AccountNotice[] }) {
  return (
    <Panel title="Notices from Meta" note="About accounts and numbers, among the latest webhooks">
      {notices.length === 0 ? (
        <p class="muted">None has come.</p>
      ) : (
        <Table
          caption="Notices from Meta, the latest first"
          rows={notices}
          idOf={({ id }) => `notice-${id}`}
          columns={[
            {
              heading: "Notice",
              kind: "wide",
              cell: ({ what, details, isBad }) => (
                <>
                  <strong>{what}</strong> {isBad && <Badge tone="warn">Look at it</Badge>}
                  <span class="why">{details}</span>
                </>
              ),
            },
            { heading: "Account", cell: ({ wabaId = "–" }) => <span class="id">{wabaId}</span> },
            { heading: "Received", cell: ({ receivedAt }) => <Time at={receivedAt} /> },
          ]}
        />
      )}
    </Panel>
  );
}
