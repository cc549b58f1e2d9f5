import { Field, Form, type Html, Panel } from "@message-sender/pages";

import type { PageData } from "../page-data.ts";
import { actionHref } from "../paths.ts";

/** Where webhooks go. The secret is not shown again. */
export function TargetForm({ data }: { data: PageData }): Html {
  const { url } = data.webhooks.state();
  return (
    <Panel
      title="Where they go"
      note="With a verify token, your endpoint is first asked for hub.challenge, as Meta does."
    >
      <Form action={actionHref("target")} class="stack" label="Where webhooks go">
        <Field label="URL">
          <input name="url" type="url" required value={url ?? ""} placeholder="http://127.0.0.1:3000/webhooks" />
        </Field>
        <div class="fields">
          <Field label="App secret" hint="Signs each webhook.">
            <input name="appSecret" required autocomplete="off" />
          </Field>
          <Field label="Verify token">
            <input name="verifyToken" autocomplete="off" />
          </Field>
        </div>
        <div class="toolbar">
          <button type="submit" class="primary">
            Set
          </button>
        </div>
      </Form>
    </Panel>
  );
}

/** How webhooks are sent. */
export function WebhookSettings({ data }: { data: PageData }): Html {
  const { withheld, duplicate, reorder, statuses, delayMs } = { ...data.options().webhooks, ...data.webhooks.state() };
  const isByHand = statuses?.length === 0;
  return (
    <Panel title="How they are sent" note="Until the reset.">
      <Form action={actionHref("webhook-settings")} class="stack" label="How webhooks are sent">
        {isByHand && <input type="hidden" name="was-by-hand" value="yes" />}
        <label class="check">
          <input type="checkbox" name="by-hand" checked={isByHand} />
          Statuses come by hand only
        </label>
        <label class="check">
          <input type="checkbox" name="withhold" checked={withheld} />
          Hold them back
        </label>
        <label class="check">
          <input type="checkbox" name="reorder" checked={reorder} />
          Shuffle those that were held back
        </label>
        <div class="fields">
          <Field label="Each is sent" hint="Times.">
            <input name="duplicate" type="number" min={1} max={100} value={duplicate} />
          </Field>
          <Field label="Before each status" hint="Milliseconds.">
            <input name="delayMs" type="number" min={0} value={typeof delayMs === "number" ? delayMs : undefined} />
          </Field>
        </div>
        <div class="toolbar">
          <button type="submit">Apply</button>
        </div>
      </Form>
    </Panel>
  );
}
