import { Form, type Html, OpenButton } from "@message-sender/pages";

import { actionHref } from "../paths.ts";
import { Customer } from "./message-line.tsx";

/** Where the customer writes. It stands outside of what changes, so that nothing that is typed is lost. */
export function Composer({ who, name }: { who: { phoneNumberId: string; customer: string }; name: string }): Html {
  return (
    <Form action={actionHref("write")} class="composer" resets label={`Write as ${name}`} id="composer">
      <Customer of={who} replyTo="" />
      <div class="replying" id="replying" hidden>
        <span class="replying-text" />
        <button type="button" class="plain small" id="reply-to-none" aria-label="Do not reply to this message">
          ✕
        </button>
      </div>
      <div class="composer-line">
        <OpenButton
          opens="attach"
          class="plain attach"
          fill={{ replyTo: "" }}
          label="Send something else: a file, a place, a contact, an order"
        >
          +
        </OpenButton>
        <textarea
          name="text"
          rows={1}
          required
          data-enter=""
          aria-label={`Write as ${name}`}
          placeholder={`Write as ${name}`}
        />
        <button type="submit" class="primary">
          Send
        </button>
      </div>
    </Form>
  );
}
