import { Field, Form, type Html, Panel, Select } from "@message-sender/pages";

import { errorOptions } from "../error-codes.ts";
import { actionHref } from "../paths.ts";
import { effectOptions, targetOptions } from "./fault-words.ts";

/** A fault to arm: which requests, which of them, and what happens to them. Fields of other effects are not shown. */
export function ArmForm(): Html {
  return (
    <Panel title="Arm a fault" note="The first fault that matches a request and triggers is applied to it.">
      <Form action={actionHref("arm-fault")} class="stack arm" label="Arm a fault">
        <div class="fields">
          <Field label="Requests to">
            <Select name="target" options={targetOptions} />
          </Field>
          <Field label="Which of them">
            <Select name="trigger" options={triggers} />
          </Field>
          <Field label="How many" hint="Not used with every request.">
            <input name="count" type="number" min={1} value="1" />
          </Field>
        </div>
        <Field label="What happens">
          <Select name="effect" options={effectOptions} />
        </Field>
        <div class="fields of-graphError">
          <Field label="Error">
            <Select name="graphError" value="131056" options={errorOptions} />
          </Field>
          <Field label="Details" hint="Default: Meta's words.">
            <input name="details" />
          </Field>
          <Field label="Retry-After, in seconds">
            <input name="retryAfterSeconds" type="number" min={0} />
          </Field>
        </div>
        <div class="fields of-status">
          <Field label="Status">
            <input name="status" type="number" min={200} max={599} value="503" />
          </Field>
          <Field label="Body" hint="Default: a page of HTML.">
            <input name="statusBody" />
          </Field>
        </div>
        <div class="fields of-delay">
          <Field label="Milliseconds">
            <input name="ms" type="number" min={0} value="2000" />
          </Field>
        </div>
        <details class="more" id="fault-match">
          <summary>Only some requests</summary>
          <div class="fields">
            <Field label="To the phone number">
              <input name="to" />
            </Field>
            <Field label="From the phone number id">
              <input name="phoneNumberId" />
            </Field>
            <Field label="Of the tenant">
              <input name="tenantId" />
            </Field>
            <Field label="Whose message has">
              <input name="messageIncludes" />
            </Field>
          </div>
        </details>
        <div class="toolbar">
          <button type="submit" class="primary">
            Arm
          </button>
        </div>
      </Form>
    </Panel>
  );
}

const triggers: readonly (readonly [string, string])[] = [
  ["next", "The next ones"],
  ["every", "Every Nth"],
  ["always", "Every request"],
];
