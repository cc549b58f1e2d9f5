import { type Message, statusOf } from "@message-sender/core";
import { type Html, Table, Time } from "@message-sender/pages";

import { messageHref } from "../frame/links.ts";
import { ShortId } from "../frame/short-id.tsx";
import { maskedRecipient, maskedText } from "./masked.ts";
import { StatusBadge } from "./status-badge.tsx";
import { whyOf } from "./why.ts";

interface MessagesTableProps {
  readonly messages: readonly Message[];
  readonly caption: string;
  /** What pauses a message, by its id. */
  readonly pauses?: ReadonlyMap<string, string>;
}

/** Messages, one a line. Each leads to its journey. */
export function MessagesTable({ messages, caption, pauses }: MessagesTableProps): Html {
  return (
    <Table
      caption={caption}
      rows={messages}
      idOf={({ id }) => `m-${id}`}
      columns={[
        { heading: "Status", cell: (message) => <StatusBadge status={statusOf(message)} /> },
        {
          heading: "To",
          isPlain: true,
          cell: (message) => (
            <a class="recipient" href={messageHref(message)}>
              {maskedRecipient(message.request.to)}
            </a>
          ),
        },
        { heading: "Accepted", isPlain: true, cell: ({ acceptedAt }) => <Time at={acceptedAt} /> },
        {
          heading: "Why",
          kind: "wide",
          isPlain: true,
          cell: (message) => <span class="why two-lines">{whyOf(message, pauses?.get(message.id))}</span>,
        },
        { heading: "Type", isExtra: true, cell: ({ request }) => request.content.type },
        {
          heading: "Tenant, outlet",
          isExtra: true,
          cell: ({ request: { outlet } }) => (
            <>
              <ShortId of={outlet.tenantId} />
              <span class="muted">
                {" · "}
                <ShortId of={outlet.outletId} />
              </span>
            </>
          ),
        },
        {
          heading: "Reference",
          isExtra: true,
          cell: ({ request: { reference } }) => reference !== undefined && maskedText(reference),
        },
      ]}
    />
  );
}
