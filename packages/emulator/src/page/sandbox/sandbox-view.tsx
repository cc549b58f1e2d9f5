import { Dialog, Facts, Field, Form, type Html, OpenButton, Panel, Region, Select, Time } from "@message-sender/pages";

import type { PageData } from "../page-data.ts";
import { actionHref } from "../paths.ts";
import type { View } from "../view.ts";
import { Start } from "./start.tsx";

/** The sandbox as a whole: where it is, its clock, its state as a file, its start. */
export function sandboxView(data: PageData): View {
  return {
    title: "Sandbox",
    ticks: true,
    regions: () => ({ start: <Start data={data} />, clock: <Clock data={data} />, services: <Services data={data} /> }),
    body: ({ start, clock, services }) => (
      <div class="column">
        <div class="page-title">
          <h1>Sandbox</h1>
        </div>
        <div class="columns">
          {start && <Region of={start} />}
          <div class="stack">
            <Panel
              title="Clock"
              note="Moves limits, windows, token expiry and the times in webhooks. Delays follow the machine's time."
            >
              {clock && <Region of={clock} />}
              <Form action={actionHref("clock")} class="stack" label="Move the clock">
                <div class="fields">
                  <Field label="Forward by">
                    <input name="by" type="number" min={0} value="24" required />
                  </Field>
                  <Field label="Unit">
                    <Select
                      name="unit"
                      value="hours"
                      options={[
                        ["minutes", "minutes"],
                        ["hours", "hours"],
                        ["days", "days"],
                      ]}
                    />
                  </Field>
                </div>
                <div class="toolbar">
                  <button type="submit">Move the clock</button>
                </div>
              </Form>
            </Panel>
            <State />
            {services && <Region of={services} />}
          </div>
        </div>
        <ResetDialog />
      </div>
    ),
  };
}

function Clock({ data }: { data: PageData }): Html {
  const { aheadMs } = data.clock;
  // Without its seconds, the region stays as it is for a minute.
  const now = data.clock.now();
  return (
    <p>
      It is <Time at={now - (now % 60_000)} form="day" />, <Time at={now - (now % 60_000)} form="clock" />
      {aheadMs > 0 && <span class="note">, {durationOf(aheadMs)} ahead of the machine</span>}
    </p>
  );
}

function durationOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 6) / 10} hours`;
}

function State(): Html {
  return (
    <Panel title="State" note="All but logs and what is on the way, secrets included.">
      <div class="toolbar">
        <a class="button" href="/__emulator/snapshot" download="sandbox.json">
          Export a snapshot
        </a>
        <OpenButton opens="reset" class="danger">
          Reset
        </OpenButton>
      </div>
      <Form action={actionHref("import")} class="stack" hasFiles label="Import a snapshot">
        <Field label="Import a snapshot" hint="In place of the present state.">
          <input type="file" name="snapshot" accept="application/json,.json" required />
        </Field>
        <div class="toolbar">
          <button type="submit">Import</button>
        </div>
      </Form>
    </Panel>
  );
}

function ResetDialog(): Html {
  return (
    <Dialog id="reset" title="Reset the sandbox?">
      <Form action={actionHref("reset")} class="stack">
        <p>Chats, faults, logs and pending webhooks go; the seeds return. Targets of webhooks stay.</p>
        <div class="toolbar">
          <button type="submit" class="danger">
            Reset
          </button>
          <button type="button" data-closes="">
            Keep it
          </button>
        </div>
      </Form>
    </Dialog>
  );
}

function Services({ data }: { data: PageData }): Html {
  const urls = data.urls();
  return (
    <Panel title="Services">
      <Facts
        of={[
          ["WhatsApp", urls["graph"]],
          ["Tenant Service", urls["tenant"]],
          ["Conversation Service", urls["conversation"]],
          ["Receiver of callbacks", urls["callbacks"]],
          ["Control API", <a href="/__emulator">/__emulator</a>],
          ["Its OpenAPI document", <a href="/__emulator/openapi.json">/__emulator/openapi.json</a>],
        ]}
      />
    </Panel>
  );
}
