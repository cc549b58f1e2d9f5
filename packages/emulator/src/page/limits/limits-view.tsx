import { Badge, EmptyState, Field, Form, type Html, Meter, Panel, Region, Table, Time } from "@message-sender/pages";

import { type LimitUse, limitUse } from "../../control/limit-use.ts";
import { shownNumber } from "../chats/chat.ts";
import type { PageData } from "../page-data.ts";
import { actionHref, chatHref } from "../paths.ts";
import type { View } from "../view.ts";

/** What of WhatsApp's limits is used, and which apply. */
export function limitsView(data: PageData): View {
  return {
    title: "Limits",
    ticks: true,
    regions() {
      const use = limitUse(data);
      return {
        throughput: <Throughput numbers={use.numbers} />,
        pairs: <Pairs pairs={use.pairs} />,
        tokens: <Tokens tokens={use.tokens} />,
      };
    },
    body: ({ throughput, pairs, tokens }) => (
      <div class="column">
        <div class="page-title">
          <h1>Limits</h1>
        </div>
        <div class="columns">
          <Apply data={data} />
          {throughput && <Region of={throughput} />}
        </div>
        {pairs && <Region of={pairs} />}
        {tokens && <Region of={tokens} />}
      </div>
    ),
  };
}

function Apply({ data }: { data: PageData }): Html {
  const { throughputPerSecond, throughputOf = {}, pair, window } = data.state().limiter.limits;
  return (
    <Panel title="Limits that apply" note="What is beyond a limit is refused with Meta's error.">
      <Form action={actionHref("limits")} class="stack" label="Limits that apply">
        <Field
          label="Messages per second of a number"
          hint="Meta: 80, or 1,000 after an upgrade. Empty: no limit. Beyond it: 130429."
        >
          <input name="throughputPerSecond" type="number" min={1} value={throughputPerSecond} />
        </Field>
        <Field label="Numbers with a limit of their own" hint="One a line: phone number id, and messages per second.">
          <textarea name="throughputOf" rows={2} placeholder="106540352242922: 20">
            {Object.entries(throughputOf)
              .map(([number, perSecond]) => `${number}: ${perSecond}`)
              .join("\n")}
          </textarea>
        </Field>
        <label class="check">
          <input type="checkbox" name="pair" checked={pair} />
          Pair limit: one message every six seconds to a person, a burst of 45 (131056)
        </label>
        <label class="check">
          <input type="checkbox" name="window" checked={window} />
          24-hour window: only templates to who has not written (131047)
        </label>
        <div class="toolbar">
          <button type="submit" class="primary">
            Apply
          </button>
        </div>
      </Form>
    </Panel>
  );
}

function Throughput({ numbers }: { numbers: LimitUse["numbers"] }): Html {
  return (
    <Panel title="Throughput" note="Messages within the last second.">
      {numbers.length === 0 ? (
        <EmptyState title="No number has sent yet" />
      ) : (
        numbers.map(({ phoneNumberId, lastSecond, perSecond }) =>
          perSecond === undefined ? (
            <p>
              {phoneNumberId} <span class="note">has no limit</span>
            </p>
          ) : (
            <Meter label={phoneNumberId} value={lastSecond} max={perSecond} />
          ),
        )
      )}
    </Panel>
  );
}

function Pairs({ pairs }: { pairs: LimitUse["pairs"] }): Html {
  return (
    <Panel title="Windows and pairs" note="What each number may send to each customer now.">
      {pairs.length === 0 ? (
        <EmptyState title="Nobody has written yet" />
      ) : (
        <Table
          caption="Windows and pairs"
          rows={pairs.slice(-100).toReversed()}
          idOf={({ phoneNumberId, customer }) => `pair-${phoneNumberId}-${customer}`}
          columns={[
            {
              heading: "Customer",
              cell: (one) => <a href={chatHref(one)}>{shownNumber(one.customer)}</a>,
            },
            { heading: "Number", cell: ({ phoneNumberId }) => phoneNumberId },
            {
              heading: "Window",
              cell: ({ isWindowOpen, windowEnd }) => (
                <>
                  <Badge tone={isWindowOpen ? "good" : "warn"}>{isWindowOpen ? "open" : "closed"}</Badge>{" "}
                  {windowEnd !== undefined && (
                    <span class="note">
                      {isWindowOpen ? "until " : "since "}
                      <Time at={windowEnd} form="weekday" />
                    </span>
                  )}
                </>
              ),
            },
            {
              heading: "Pair limit",
              kind: "wide",
              cell: ({ owed, customer }) =>
                owed ? (
                  <Meter
                    label={`Burst to ${shownNumber(customer)}`}
                    value={owed.messages}
                    max={owed.of}
                    text={`${owed.messages} of ${owed.of}`}
                  />
                ) : (
                  <span class="note">nothing owed</span>
                ),
            },
            {
              heading: "Marketing",
              cell: ({ hasStoppedMarketing }) => (hasStoppedMarketing ? <Badge tone="bad">stopped</Badge> : "allowed"),
            },
          ]}
        />
      )}
    </Panel>
  );
}

function Tokens({ tokens }: { tokens: LimitUse["tokens"] }): Html {
  return (
    <Panel title="Access tokens">
      {tokens.length === 0 ? (
        <EmptyState title="Any token is taken">Seed tenants or tokens to have some refused.</EmptyState>
      ) : (
        <Table
          caption="Access tokens"
          rows={tokens}
          columns={[
            { heading: "Token", cell: ({ token }) => <code>{token}</code> },
            { heading: "State", cell: ({ state }) => <Badge tone={state === "valid" ? "good" : "bad"}>{state}</Badge> },
            {
              heading: "Expires",
              cell: ({ expiresAt }) => (expiresAt === undefined ? "never" : <Time at={expiresAt} />),
            },
            { heading: "Numbers", kind: "wide", cell: ({ phoneNumberIds }) => phoneNumberIds.join(", ") },
          ]}
        />
      )}
    </Panel>
  );
}
