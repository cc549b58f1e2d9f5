import { Dialog, Field, Form, type Html } from "@message-sender/pages";

import { actionHref } from "../paths.ts";

/** Makes a customer, by what they write first. */
export function NewChatDialog({ numbers }: { numbers: readonly string[] }): Html {
  return (
    <Dialog id="new-chat" title="A new customer writes">
      <Form action={actionHref("new-chat")} class="stack">
        <div class="fields">
          <Field label="Phone number">
            <input name="customer" type="tel" required value="+62 812-3456-789" />
          </Field>
          <Field label="Name">
            <input name="profileName" value="Budi Santoso" />
          </Field>
        </div>
        <Field label="To the number" hint="The phone number id of the business. Any will do unless numbers are seeded.">
          <input name="phoneNumberId" required value={numbers[0]} list="numbers" />
        </Field>
        <datalist id="numbers">
          {numbers.map((number) => (
            <option value={number} />
          ))}
        </datalist>
        <Field label="Message">
          <textarea name="text" rows={2} required>
            Hi! Is my order ready?
          </textarea>
        </Field>
        <div class="toolbar">
          <button type="submit" class="primary">
            Send as the customer
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
