import { type Message, statusOf } from "@message-sender/core";
import { type Html, Time } from "@message-sender/pages";

import { messageHref } from "../frame/links.ts";
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
    <div class="table-frame" role="region" aria-label={caption} tabindex={0}>
      <table class="messages-found">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Accepted</th>
            <th scope="col">To</th>
            <th scope="col" class="wide">
              Why
            </th>
            <th scope="col" class="later">
              Type
            </th>
            <th scope="col" class="later">
              Tenant, outlet
            </th>
            <th scope="col" class="later">
              Reference
            </th>
          </tr>
        </thead>
        <tbody>
          {messages.map((message) => (
            <Row message={message} pause={pauses?.get(message.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ message, pause }: { message: Message; pause: string | undefined }): Html {
  const { outlet, to, content, reference } = message.request;
  const status = statusOf(message);
  return (
    <tr id={`m-${message.id}`}>
      <td>
        <StatusBadge status={status} />
      </td>
      <td class="time">
        <Time at={message.acceptedAt} form="moment" />
      </td>
      <td class="to">
        <a href={messageHref(message)}>{maskedRecipient(to)}</a>
      </td>
      <td class="wide">
        <span class="why">{whyOf(message, pause)}</span>
      </td>
      <td class="later">{content.type}</td>
      <td class="later outlet">
        {outlet.tenantId}
        <span class="muted"> · {outlet.outletId}</span>
      </td>
      <td class="later">{reference !== undefined && maskedText(reference)}</td>
    </tr>
  );
}
