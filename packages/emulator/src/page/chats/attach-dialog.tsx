import { Dialog, Field, Form, type Html, Select } from "@message-sender/pages";

import { actionHref } from "../paths.ts";
import { Customer } from "./message-line.tsx";

/** What a customer sends besides text. */
export function AttachDialog({ who }: { who: { phoneNumberId: string; customer: string } }): Html {
  return (
    <Dialog id="attach" title="Send as the customer">
      <Form action={actionHref("file")} class="stack" hasFiles>
        <Customer of={who} replyTo="" />
        <h3>A file</h3>
        <div class="fields">
          <Field label="Sent as">
            <Select
              name="kind"
              options={[
                ["image", "Picture"],
                ["document", "Document"],
                ["voice", "Voice message"],
                ["audio", "Audio"],
                ["video", "Video"],
                ["sticker", "Sticker"],
              ]}
            />
          </Field>
          <Field label="Caption">
            <input name="caption" />
          </Field>
        </div>
        <Field label="File" hint="Without one, a small sample of its kind is sent.">
          <input type="file" name="file" />
        </Field>
        <div class="toolbar">
          <button type="submit" class="primary">
            Send the file
          </button>
        </div>
      </Form>
      <hr />
      <Form action={actionHref("location")} class="stack">
        <Customer of={who} replyTo="" />
        <h3>A place</h3>
        <div class="fields">
          <Field label="Latitude">
            <input name="latitude" inputmode="decimal" value="-6.1754" required />
          </Field>
          <Field label="Longitude">
            <input name="longitude" inputmode="decimal" value="106.8272" required />
          </Field>
          <Field label="Name">
            <input name="name" value="Monas" />
          </Field>
        </div>
        <div class="toolbar">
          <button type="submit">Send the place</button>
        </div>
      </Form>
      <hr />
      <Form action={actionHref("contact")} class="stack">
        <Customer of={who} replyTo="" />
        <h3>A contact, an order, or something else</h3>
        <div class="fields">
          <Field label="Name of the contact">
            <input name="name" value="Siti Rahma" required />
          </Field>
          <Field label="Phone number">
            <input name="phone" value="+62 811-222-333" required />
          </Field>
        </div>
        <div class="toolbar">
          <button type="submit">Send the contact</button>
          <button type="submit" formaction={actionHref("order")}>
            Send an order
          </button>
          <button type="submit" formaction={actionHref("unsupported")}>
            Something unsupported
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
