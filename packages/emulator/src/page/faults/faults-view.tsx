import { Badge, EmptyState, Form, type Html, Panel, Region, Table } from "@message-sender/pages";

import type { FaultHandle } from "../../faults/fault.ts";
import type { PageData } from "../page-data.ts";
import { actionHref } from "../paths.ts";
import type { View } from "../view.ts";
import { ArmForm } from "./arm-form.tsx";
import { effectWords, targetOptions, triggerWords } from "./fault-words.ts";

/** The faults that are armed, and how many requests each has hit. */
export function faultsView(data: PageData): View {
  return {
    title: "Faults",
    ticks: true,
    regions: () => ({ faults: <Armed faults={data.faults.list()} />, hits: <Hits data={data} /> }),
    body: ({ faults, hits }) => (
      <div class="column">
        <div class="page-title">
          <h1>Faults</h1>
        </div>
        <div class="columns wide-first">
          <ArmForm />
          <div class="stack">
            {faults && <Region of={faults} />}
            {hits && <Region of={hits} />}
          </div>
        </div>
      </div>
    ),
  };
}

function Armed({ faults }: { faults: readonly FaultHandle[] }): Html {
  const disarmAll = faults.length > 1 && (
    <Form action={actionHref("disarm-all")}>
      <button type="submit" class="small">
        Disarm all
      </button>
    </Form>
  );
  return (
    <Panel title="Armed" tools={disarmAll}>
      {faults.length === 0 ? (
        <EmptyState title="No fault is armed">Every request is handled as WhatsApp does.</EmptyState>
      ) : (
        <ul class="stack">
          {faults.map((fault) => (
            <ArmedFault fault={fault} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function ArmedFault({ fault }: { fault: FaultHandle }): Html {
  const { id, target, match = {}, hits, effect } = fault;
  const label = targetOptions.find(([own]) => own === target)?.[1] ?? target;
  return (
    <li class="armed" id={id}>
      <div>
        <strong>{effectWords(effect)}</strong>
        <p class="note">
          {label}, {triggerWords(fault)}
          {Object.entries(match).map(([name, value]) => `, ${matchWords[name] ?? name} ${String(value)}`)}
        </p>
      </div>
      <Badge tone={hits > 0 ? "warn" : "neutral"}>{hits === 1 ? "1 hit" : `${hits} hits`}</Badge>
      <Form action={actionHref("disarm-fault")}>
        <button type="submit" class="small" name="id" value={id}>
          Disarm
        </button>
      </Form>
    </li>
  );
}

const matchWords: Readonly<Record<string, string>> = {
  to: "to",
  phoneNumberId: "from",
  tenantId: "of",
  messageIncludes: "with",
};

/** The latest requests that a fault has hit, those of faults that are over included. */
function Hits({ data }: { data: PageData }): Html {
  const hit = Object.entries(data.requests())
    .flatMap(([service, log]) => log.map((request) => ({ service, ...request })))
    .filter(({ fault }) => fault !== undefined)
    .toSorted((one, other) => other.at - one.at);
  return (
    <Panel title="Hit by a fault">
      {hit.length === 0 ? (
        <EmptyState title="No request was hit yet" />
      ) : (
        <Table
          caption="Requests that a fault has hit"
          rows={hit.slice(0, 20)}
          idOf={({ at }) => `hit-${at}`}
          columns={[
            { heading: "Fault", cell: ({ fault }) => fault },
            { heading: "Request", kind: "wide", cell: ({ method, path }) => `${method} ${path}` },
            { heading: "Answer", cell: ({ status }) => status ?? "none" },
          ]}
        />
      )}
    </Panel>
  );
}
