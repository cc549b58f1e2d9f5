import { type Message, wamidsOf } from "@message-sender/core";
import { pricingOf } from "@message-sender/core/adapter";
import { Facts, type Html, Panel, Time } from "@message-sender/pages";

import { messagesHref } from "../frame/links.ts";
import { maskedText } from "../messages/masked.ts";
import { duration } from "../words/duration.ts";

/** What the message is, apart from what happened to it. */
export function FactsPanel({ message, isShown }: { message: Message; isShown: boolean }): Html {
  const { outlet, conversationId, reference, content, replyTo } = message.request;
  const { tenantId: tenant, outletId } = outlet;
  const text = (value: string): string => (isShown ? value : maskedText(value));
  const { mode, policy, attempts } = message;
  const pricing = pricingOf(message);
  const traceId = attempts.findLast(
    ({ ended }) => ended && "failure" in ended.outcome && ended.outcome.failure.fbtraceId,
  );
  const failed = traceId?.ended?.outcome;
  return (
    <Panel title="Facts">
      <Facts
        of={[
          ["Message id", <code>{message.id}</code>],
          ["Tenant", <a href={messagesHref({ tenant })}>{tenant}</a>],
          ["Outlet", <a href={messagesHref({ tenant, outlet: outletId })}>{outletId}</a>],
          ["Conversation", <ConversationLink message={message} shown={text(conversationId)} />],
          ["Reference", reference && text(reference)],
          ["Type", content.type],
          ["Reply to", replyTo && text(replyTo)],
          ["WhatsApp ids", wamidsOf(message).map((wamid) => <code class="wamid">{text(wamid)}</code>)],
          ["Phone number id", attempts.findLast(({ phoneNumberId }) => phoneNumberId)?.phoneNumberId],
          ["Sent by", mode === "queued" ? "the queue" : "a call that waited"],
          ["Without an answer", policy.onAmbiguous],
          [
            "Schedule",
            `${policy.scheduleMs.length} attempts: ${policy.scheduleMs.map((ms) => duration(ms)).join(", ")}`,
          ],
          ["Expires", policy.expiresAt && <Time at={policy.expiresAt} />],
          [
            "Priced as",
            pricing &&
              [pricing.category, pricing.model, pricing.billable === false ? "not billable" : undefined]
                .filter(Boolean)
                .join(", "),
          ],
          ["Meta's trace id", failed && "failure" in failed ? failed.failure.fbtraceId : undefined],
        ]}
      />
    </Panel>
  );
}

/** A link has the id in it: there is none while that is masked. */
function ConversationLink({ message, shown }: { message: Message; shown: string }): Html {
  const { outlet, conversationId: conversation } = message.request;
  if (shown !== conversation) return <>{shown}</>;
  return <a href={messagesHref({ tenant: outlet.tenantId, conversation })}>{shown}</a>;
}
