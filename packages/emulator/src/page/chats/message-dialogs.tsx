import { Dialog, Field, Form, type Html, Select } from "@message-sender/pages";

import { errorOptions } from "../error-codes.ts";
import { actionHref } from "../paths.ts";
import { Customer } from "./message-line.tsx";

type Who = { readonly phoneNumberId: string; readonly customer: string };

/** What can be done with a message of the business, and with one of the customer. */
export function MessageDialogs({ who }: { who: Who }): Html {
  return (
    <>
      <Dialog id="message-out" title="Message of the business">
        <About />
        <Answer who={who} />
        <Form action={actionHref("status")} class="stack">
          <h3>Move its status</h3>
          <input type="hidden" name="id" />
          <p class="note" data-shows="history" />
          <div class="toolbar">
            {["sent", "delivered", "read", "played"].map((status) => (
              <button type="submit" name="status" value={status}>
                {status}
              </button>
            ))}
          </div>
          <Field label="Or let it fail with">
            <Select name="errorCode" value="131026" options={errorOptions} />
          </Field>
          <div class="toolbar">
            <button type="submit" class="danger" name="status" value="failed">
              Fail
            </button>
          </div>
        </Form>
      </Dialog>
      <Dialog id="message-in" title="Message of the customer">
        <About />
        <Answer who={who} />
      </Dialog>
    </>
  );
}

function About(): Html {
  return <p class="about" data-shows="summary" />;
}

/** Reactions are set by a button each; the reply is written in the composer. */
function Answer({ who }: { who: Who }): Html {
  return (
    <Form action={actionHref("react")} class="stack">
      <Customer of={who} replyTo="" />
      <h3>As the customer</h3>
      <div class="toolbar">
        <button type="button" data-replies="">
          ↩ Reply
        </button>
        {["👍", "❤️", "😂", "😮", "😢", "🙏"].map((emoji) => (
          <button type="submit" name="emoji" value={emoji} class="emoji" aria-label={`React with ${emoji}`}>
            {emoji}
          </button>
        ))}
        <button type="submit" name="emoji" value="">
          No reaction
        </button>
      </div>
    </Form>
  );
}
