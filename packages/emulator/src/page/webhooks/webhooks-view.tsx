import { Badge, EmptyState, Form, type Html, Panel, Region, Time, type Tone } from "@message-sender/pages";

import type { WebhookRecord } from "../../webhooks/delivery.ts";
import { Bytes, Headers } from "../log-parts.tsx";
import type { PageData } from "../page-data.ts";
import { actionHref } from "../paths.ts";
import type { View } from "../view.ts";
import { webhookAbout } from "./webhook-about.ts";
import { TargetForm, WebhookSettings } from "./webhook-forms.tsx";

/** `GET /__emulator/webhooks` has all that are kept. */
const shown = 100;

/** Where webhooks go, and those that were sent, byte by byte. */
export function webhooksView(data: PageData): View {
  return {
    title: "Webhooks",
    regions: () => ({ state: <State data={data} />, log: <Log sent={data.webhooks.sent} /> }),
    body: ({ state, log }) => (
      <div class="column">
        <div class="page-title">
          <h1>Webhooks</h1>
          {state && <Region of={state} />}
        </div>
        <div class="columns">
          <TargetForm data={data} />
          <WebhookSettings data={data} />
        </div>
        {log && <Region of={log} />}
      </div>
    ),
  };
}

function State({ data }: { data: PageData }): Html {
  const { url, onTheWay, withheld, overrides = [] } = data.webhooks.state();
  return (
    <p class="note">
      {url === null ? "Nobody receives them" : `They go to ${url}`}
      {overrides.map((one) => `, those of ${"wabaId" in one ? one.wabaId : one.phoneNumberId} to ${one.url}`)}
      {withheld ? ". They are withheld" : ""}. {onTheWay > 0 && <Badge tone="info">{onTheWay} on the way</Badge>}
    </p>
  );
}

function Log({ sent }: { sent: readonly WebhookRecord[] }): Html {
  return (
    <Panel title="Sent" note={`The newest ${shown}. Open one for its bytes, its signature and the answer.`}>
      {sent.length === 0 ? (
        <EmptyState title="No webhook was sent yet">
          Say where they go, then send a message or write as a customer.
        </EmptyState>
      ) : (
        <ul class="log">
          {sent
            .map((record, at) => ({ record, at }))
            .slice(-shown)
            .toReversed()
            .map(({ record, at }) => (
              <Entry record={record} id={`${record.id}-${at}`} />
            ))}
        </ul>
      )}
    </Panel>
  );
}

function Entry({ record, id }: { record: WebhookRecord; id: string }): Html {
  const { at, kind, attempt, tookMs, url, updates, headers, body } = record;
  return (
    <li id={id}>
      <details id={`${id}-details`}>
        <summary>
          <Time at={at} form="second" />
          <Badge tone={kind === "status" ? "info" : "neutral"}>{kind}</Badge>
          <span class="log-text">{webhookAbout(record)}</span>
          {attempt > 1 && <Badge tone="warn">attempt {attempt}</Badge>}
          <Answer record={record} />
        </summary>
        <div class="log-body">
          <p class="note">
            POST {url}, {updates === 1 ? "one update" : `${updates} updates`}, answered after {tookMs} ms
          </p>
          <Headers of={headers} />
          <Bytes id={`${id}-bytes`} text={body} label="Bytes of the webhook" />
          <Form action={actionHref("redeliver")}>
            <button type="submit" name="id" value={record.id}>
              Send it again
            </button>
          </Form>
        </div>
      </details>
    </li>
  );
}

function Answer({ record }: { record: WebhookRecord }): Html {
  const { responseStatus, error = "no answer" } = record;
  const tone: Tone = responseStatus === 200 ? "good" : "bad";
  return <Badge tone={tone}>{responseStatus ?? error}</Badge>;
}
