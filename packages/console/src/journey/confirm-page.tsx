import { type Message, statusOf } from "@message-sender/core";
import { Facts, type Html, Time } from "@message-sender/pages";

import { FormButtons } from "../frame/form-buttons.tsx";
import { messageHref } from "../frame/links.ts";
import { TokenField } from "../frame/token-field.tsx";
import { maskedRecipient, maskedText } from "../messages/masked.ts";
import { StatusBadge } from "../messages/status-badge.tsx";
import { type Action, actions } from "./actions.ts";

/** Asks once more before a message is changed. */
export function ConfirmPage({
  message,
  action,
  details = [],
  formToken,
}: {
  message: Message;
  action: Action;
  /** What else it does, in sentences. */
  details?: readonly string[];
  formToken: string;
}): Html {
  const { button, says } = actions[action];
  const { to, outlet, reference } = message.request;
  const mayBeTwice = action === "resend" && statusOf(message) === "unknown";
  return (
    <div class="column narrow">
      <form method="post" action={messageHref(message, "change")} class="panel">
        <h1>{action === "history" ? `${button} of this message?` : `${button} this message?`}</h1>
        <TokenField token={formToken} />
        <input type="hidden" name="action" value={action} />
        <Facts
          of={[
            ["To", maskedRecipient(to)],
            ["Status", <StatusBadge status={statusOf(message)} />],
            ["Accepted", <Time at={message.acceptedAt} />],
            ["Outlet", `${outlet.tenantId} · ${outlet.outletId}`],
            ["Reference", reference && maskedText(reference)],
          ]}
        />
        <p>{says}</p>
        {details.map((detail) => (
          <p>{detail}</p>
        ))}
        {mayBeTwice && (
          <p class="warning">
            <strong>It may have been sent already:</strong> the customer may get it twice.
          </p>
        )}
        <p class="note">That you do it is recorded in the message and in the log.</p>
        <FormButtons back={messageHref(message)} isDangerous={action !== "resend" && action !== "history"}>
          {action === "history" ? button : `${button} the message`}
        </FormButtons>
      </form>
    </div>
  );
}
