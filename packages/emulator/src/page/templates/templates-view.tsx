import {
  Badge,
  Dialog,
  EmptyState,
  Field,
  Form,
  type Html,
  OpenButton,
  Panel,
  Region,
  Select,
  Table,
  type Tone,
} from "@message-sender/pages";

import type { StoredTemplate } from "../../graph/templates/template-store.ts";
import { listOf, textOf } from "../chats/content/parts.tsx";
import type { PageData } from "../page-data.ts";
import { actionHref } from "../paths.ts";
import type { View } from "../view.ts";

const tones: Readonly<Record<StoredTemplate["status"], Tone>> = {
  approved: "good",
  pending: "info",
  rejected: "bad",
  paused: "warn",
  disabled: "bad",
};

/** The templates that exist, and Meta's decisions about them. */
export function templatesView(data: PageData): View {
  return {
    title: "Templates",
    ticks: true,
    regions: () => ({ templates: <Templates data={data} /> }),
    body: ({ templates }) => (
      <div class="column">
        <div class="page-title">
          <h1>Templates</h1>
        </div>
        {templates && <Region of={templates} />}
        <RejectDialog />
      </div>
    ),
  };
}

function Templates({ data }: { data: PageData }): Html {
  const templates = data.state().templates.all();
  if (templates.length === 0) return <NoTemplates data={data} />;
  return (
    <Panel
      title="What Meta decides"
      note="Each decision sends a webhook, as Meta does: message_template_status_update."
    >
      <Table
        caption="Templates"
        rows={templates}
        idOf={({ id }) => `template-${id}`}
        columns={[
          { heading: "Name", cell: (one) => <Name template={one} /> },
          { heading: "Status", cell: ({ status }) => <Badge tone={tones[status]}>{status}</Badge> },
          { heading: "Decide", cell: (one) => <Decisions template={one} /> },
          { heading: "Category", cell: ({ category }) => category },
          { heading: "Text", kind: "wide", cell: (one) => <Words template={one} /> },
        ]}
      />
    </Panel>
  );
}

function Name({ template }: { template: StoredTemplate }): Html {
  return (
    <>
      <strong>{template.name}</strong>
      <br />
      <span class="note">{template.language}</span>
    </>
  );
}

function Words({ template }: { template: StoredTemplate }): Html {
  const { components, reason, status } = template;
  const buttons = components.flatMap((one) => listOf(one, "buttons")).map((one) => textOf(one, "text") ?? "");
  const header = components.find(({ type }) => type === "HEADER");
  const file = textOf(header, "format");
  return (
    <>
      {header && <strong>{textOf(header, "text") ?? `[${file ?? "header"}]`} </strong>}
      {components.map((one) =>
        one["type"] === "BODY" || one["type"] === "FOOTER" ? `${textOf(one, "text") ?? ""} ` : "",
      )}
      {buttons.map((text) => (
        <span class="key">{text}</span>
      ))}
      {status === "rejected" && reason !== undefined && <span class="failure">{reason}</span>}
    </>
  );
}

function Decisions({ template }: { template: StoredTemplate }): Html {
  const { id, name, status } = template;
  return (
    <div class="toolbar nowrap">
      <Form action={actionHref("review")} label={`Decide about ${name}`}>
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="name" value={name} />
        {(["approved", "paused", "disabled"] as const).map((verdict) => (
          <button type="submit" class="small" name="status" value={verdict} disabled={status === verdict}>
            {verbs[verdict]}
          </button>
        ))}
      </Form>
      <OpenButton opens="reject" class="small danger" fill={{ id, name }} label={`Reject ${name}`}>
        Reject
      </OpenButton>
    </div>
  );
}

const verbs = { approved: "Approve", paused: "Pause", disabled: "Disable" };

function RejectDialog(): Html {
  return (
    <Dialog id="reject" title="Reject a template">
      <Form action={actionHref("review")} class="stack">
        <input type="hidden" name="id" />
        <input type="hidden" name="name" />
        <p>
          <strong data-shows="name" />
        </p>
        <Field label="Why">
          <Select name="reason" options={reasons} />
        </Field>
        <div class="toolbar">
          <button type="submit" class="danger" name="status" value="rejected">
            Reject it
          </button>
        </div>
      </Form>
    </Dialog>
  );
}

/** Meta's words (webhooks, `message_template_status_update`). */
const reasons: readonly (readonly [string, string])[] = [
  ["INVALID_FORMAT", "Invalid format"],
  ["PROMOTIONAL", "Promotional"],
  ["TAG_CONTENT_MISMATCH", "Content does not match the category"],
  ["ABUSIVE_CONTENT", "Abusive content"],
  ["SCAM", "Scam"],
  ["NONE", "No reason"],
];

function NoTemplates({ data }: { data: PageData }): Html {
  const account = data.tenants().accounts()[0] ?? "102290129340398";
  const body = JSON.stringify({
    name: "order_ready",
    language: "en_US",
    category: "UTILITY",
    components: [{ type: "BODY", text: "Your order {{1}} is ready.", example: { body_text: [["4711"]] } }],
  });
  return (
    <Panel title="Any template exists">
      <EmptyState title="Nothing is known of templates yet">
        <p>Every template is accepted, with any parameters. Create one as you would at Meta:</p>
      </EmptyState>
      <pre class="raw" tabindex={0} aria-label="Command that creates a template">
        {`curl ${data.urls()["graph"] ?? ""}/v25.0/${account}/message_templates -H 'Authorization: Bearer any-token' -H 'Content-Type: application/json' -d '${body}'`}
      </pre>
    </Panel>
  );
}
