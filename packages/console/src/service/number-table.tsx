import { Badge, Table, Time, type Tone } from "@message-sender/pages";

import { messagesHref, tenantHref } from "../frame/links.ts";
import type { NumberHold, NumberLine } from "./numbers.ts";
import { ShortId } from "../frame/short-id.tsx";
import { capitalized } from "../words/capitalized.ts";
import { countText } from "../words/figures.ts";

const conditions: Readonly<Record<NumberHold["kind"], readonly [Tone, string]>> = {
  open: ["bad", "Failing"],
  paused: ["warn", "Paused by WhatsApp"],
  throttled: ["warn", "Throttled"],
  stopped: ["warn", "Paused"],
};

/** How a number is, in a word. */
function ConditionBadge({ hold }: { hold: NumberHold | undefined }) {
  const [tone, word] = hold ? conditions[hold.kind] : (["good", "Sending"] as const);
  return <Badge tone={tone}>{word}</Badge>;
}

/** Why a number is held, and until when. */
function HoldReason({ hold }: { hold: NumberHold }) {
  return (
    <>
      {sentence(hold.reason)}
      {hold.until && (
        <>
          {hold.kind === "open" ? " Next probe: " : " Until "}
          <Time at={hold.until} form={hold.kind === "stopped" ? "moment" : "second"} />.
        </>
      )}
      {hold.kind === "throttled" && " The rate recovers by itself."}
    </>
  );
}

/** Numbers with what holds them. */
export function NumberTable({ numbers, caption }: { numbers: readonly NumberLine[]; caption: string }) {
  return (
    <Table
      caption={caption}
      rows={numbers}
      idOf={({ phoneNumberId }) => `number-${phoneNumberId}`}
      columns={[
        {
          heading: "Number",
          cell: ({ phoneNumberId, outlets }) => (
            <>
              <span class="id">{phoneNumberId}</span>
              {outlets.map(({ tenantId, outletId }) => (
                <span class="under">
                  <a href={tenantHref(tenantId)}>
                    <ShortId of={tenantId} />
                  </a>
                  {" / "}
                  <a href={messagesHref({ tenant: tenantId, outlet: outletId })}>
                    <ShortId of={outletId} />
                  </a>
                </span>
              ))}
            </>
          ),
        },
        {
          heading: "Condition, and why",
          kind: "wide",
          cell: ({ hold }) => (
            <>
              <ConditionBadge hold={hold} />
              {hold && (
                <span class="why">
                  <HoldReason hold={hold} />
                </span>
              )}
            </>
          ),
        },
        { heading: "Rate", kind: "number", cell: rateOf },
        { heading: "In flight", kind: "number", cell: ({ inFlight }) => countText(inFlight) },
        {
          heading: "Waiting",
          kind: "number",
          cell: ({ waiting, waitingForRecipient }) => (
            <>
              {countText(waiting)}
              {waitingForRecipient > 0 && (
                <span class="under">{`${countText(waitingForRecipient)} for their recipient`}</span>
              )}
            </>
          ),
        },
      ]}
    />
  );
}

function rateOf({ perSecond, fullPerSecond }: NumberLine): string {
  if (perSecond === undefined || fullPerSecond === undefined) return "–";
  return perSecond < fullPerSecond ? `${perSecond} of ${fullPerSecond}/s` : `${fullPerSecond}/s`;
}

function sentence(text: string): string {
  const begun = capitalized(text);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
