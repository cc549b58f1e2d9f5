import { Badge, EmptyState, type Html, Panel, Region, Time, type Tone } from "@message-sender/pages";

import { withMaskedTokens } from "../../http/masked-tokens.ts";
import type { RecordedRequest } from "../../http/request-record.ts";
import { Bytes, Headers } from "../log-parts.tsx";
import type { PageData } from "../page-data.ts";
import type { View } from "../view.ts";

/** `GET /__emulator/requests` has all that are kept. */
const shown = 100;

const names: Readonly<Record<string, string>> = {
  graph: "WhatsApp",
  tenant: "Tenant Service",
  conversation: "Conversation Service",
  callbacks: "Callbacks",
};

/** What the services received, byte by byte. */
export function requestsView(data: PageData): View {
  return {
    title: "Requests",
    regions: () => ({ log: <Log data={data} /> }),
    body: ({ log }) => (
      <div class="column">
        <div class="page-title">
          <h1>Requests</h1>
        </div>
        {log && <Region of={log} />}
      </div>
    ),
  };
}

interface Received {
  readonly service: string;
  readonly request: RecordedRequest;
  readonly id: string;
}

function Log({ data }: { data: PageData }): Html {
  const all = Object.entries(data.requests()).flatMap(([service, log]) =>
    log
      .slice(-shown)
      .map((request): Received => ({ service, request: withMaskedTokens(request), id: `${service}-${request.at}` })),
  );
  const newest = all.toSorted((one, other) => other.request.at - one.request.at).slice(0, shown);
  return (
    <Panel title="Received" note={`The newest ${shown}. Access tokens are masked.`}>
      {newest.length === 0 ? (
        <EmptyState title="No request has come yet" />
      ) : (
        <ul class="log">
          {newest.map((one) => (
            <Entry of={one} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Entry({ of: { service, request, id } }: { of: Received }): Html {
  const { at, endedAt, method, path, status, fault, headers, rawBody, body } = request;
  const text = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  return (
    <li id={id}>
      <details id={`${id}-details`}>
        <summary>
          <Time at={at} form="second" />
          <Badge tone={service === "graph" ? "info" : "neutral"}>{names[service] ?? service}</Badge>
          <span class="log-text">
            <strong>{method}</strong> {path}
          </span>
          {fault !== undefined && <Badge tone="warn">{fault}</Badge>}
          <Badge tone={toneOf(request)}>{status ?? (endedAt === undefined ? "waiting" : "no answer")}</Badge>
        </summary>
        <div class="log-body">
          {endedAt !== undefined && <p class="note">Answered after {Math.round(endedAt - at)} ms</p>}
          <Headers of={headers} />
          {text !== undefined && text !== "" && <Bytes id={`${id}-bytes`} text={text} label="Bytes of the request" />}
        </div>
      </details>
    </li>
  );
}

function toneOf({ status, endedAt }: RecordedRequest): Tone {
  if (status === undefined) return endedAt === undefined ? "info" : "bad";
  return status < 400 ? "good" : "bad";
}
