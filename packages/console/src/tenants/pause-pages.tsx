import type { Pause } from "@message-sender/core";
import { Facts, Field, Select, Time } from "@message-sender/pages";

import { FormButtons } from "../frame/form-buttons.tsx";
import { TokenField } from "../frame/token-field.tsx";
import type { Form } from "../console-context.ts";
import { pauseName } from "../words/pause-name.ts";

/** Durations that people choose. Empty: until somebody resumes it. */
export const durations: readonly (readonly [minutes: string, label: string])[] = [
  ["", "Until somebody resumes it"],
  ["15", "15 minutes"],
  ["60", "1 hour"],
  ["240", "4 hours"],
  ["1440", "1 day"],
];

const pausesHref = "/console/tenants#pauses";

interface PauseFormProps {
  readonly formToken: string;
  readonly form: Form;
  /** The tenants of a visitor who does not see all. */
  readonly tenants: readonly string[];
  /** What is wrong with it. */
  readonly problems: readonly string[];
}

/** Asks what to pause, and why. */
export function PauseForm({ formToken, form, tenants, problems }: PauseFormProps) {
  const {
    tenant_id = tenants.length === 1 ? tenants[0] : "",
    outlet_id,
    phone_number_id,
    template,
    minutes,
    reason,
  } = form;
  return (
    <div class="column narrow">
      <form method="post" action="/console/pauses/new" class="panel">
        <h1>Pause sending</h1>
        <TokenField token={formToken} />
        <p>
          Queued messages wait, and are sent once it ends. Calls that wait for their message are refused with 503 at
          once, and read the reason.
        </p>
        {problems.length > 0 && (
          <ul class="warning" role="alert">
            {problems.map((problem) => (
              <li>{problem}</li>
            ))}
          </ul>
        )}
        <Field
          label="Tenant"
          hint="With nothing else, the whole tenant is paused. Without it, a number or template is paused for everybody."
        >
          {tenants.length > 0 ? (
            <Select name="tenant_id" options={tenants.map((tenant) => [tenant, tenant])} value={tenant_id ?? ""} />
          ) : (
            <input name="tenant_id" value={tenant_id} maxlength={128} autocomplete="off" />
          )}
        </Field>
        <Field label="Outlet" hint="One outlet of the tenant">
          <input name="outlet_id" value={outlet_id} maxlength={128} autocomplete="off" />
        </Field>
        <Field label="Phone number id" hint="Or: a number, by Meta's id">
          <input name="phone_number_id" value={phone_number_id} maxlength={128} autocomplete="off" />
        </Field>
        <Field label="Template" hint="Or: a template, by its name">
          <input name="template" value={template} maxlength={512} autocomplete="off" />
        </Field>
        <Field label="How long">
          <Select name="minutes" options={durations} value={minutes ?? ""} />
        </Field>
        <Field label="Reason" hint="Callers whose messages are refused read it">
          <input name="reason" value={reason} required maxlength={500} autocomplete="off" />
        </Field>
        <p class="note">That you do it is recorded in the pause and in the log.</p>
        <FormButtons back={pausesHref}>Pause</FormButtons>
      </form>
    </div>
  );
}

/** Asks once more before a pause is ended. */
export function ResumeForm({ formToken, pause }: { formToken: string; pause: Pause }) {
  return (
    <div class="column narrow">
      <form method="post" action="/console/pauses/resume" class="panel">
        <h1>Resume sending?</h1>
        <TokenField token={formToken} />
        <input type="hidden" name="id" value={pause.id} />
        <Facts
          of={[
            ["Paused", pauseName(pause)],
            ["Reason", pause.reason],
            ["By", pause.by],
            ["Since", <Time at={pause.at} />],
            ["Until", pause.until && <Time at={pause.until} />],
          ]}
        />
        <p>Messages that wait for it are sent at once, as fast as the limits of their numbers allow.</p>
        <p class="note">That you do it is recorded in the log.</p>
        <FormButtons back={pausesHref}>Resume</FormButtons>
      </form>
    </div>
  );
}
