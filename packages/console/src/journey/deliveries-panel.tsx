import type { Message, MessageDeliveries } from "@message-sender/core";
import { Facts, type Html, Panel } from "@message-sender/pages";

import { messageHref } from "../frame/links.ts";
import { maskedText } from "../messages/masked.ts";
import { actions } from "./actions.ts";
import { canResendHistory, historyWords, stateWords } from "./deliveries.ts";

interface DeliveriesPanelProps {
  readonly message: Message;
  /** Undefined if they cannot be read now. */
  readonly deliveries: MessageDeliveries | undefined;
  readonly now: Date;
}

/** What was delivered about the message, and what was not. */
export function DeliveriesPanel({ message, deliveries, now }: DeliveriesPanelProps): Html {
  if (!deliveries) return <Panel title="Deliveries" note="The store cannot be read now" />;
  const { undelivered } = deliveries;
  const left = (wanted: string) =>
    undelivered
      .filter(({ topic }) => topic === wanted)
      .map((entry) => (
        <span class="under">
          {`Version ${entry.version}: ${stateWords(entry, now)}`}
          {entry.why !== undefined && `. ${maskedText(entry.why)}`}
        </span>
      ));
  const callbacks = left("status");
  return (
    <Panel title="Deliveries" note="What was delivered at once leaves a line in the log, and nothing here">
      <Facts
        of={[
          [
            "Conversation Service",
            <>
              {historyWords(message, deliveries)}
              {left("history")}
            </>,
          ],
          ["Status callbacks", callbacks.length > 0 ? callbacks : "Nothing is left to deliver."],
        ]}
      />
      {canResendHistory(message, deliveries) && (
        <div class="toolbar">
          <a class="button" href={messageHref(message, "confirm?action=history")}>
            {actions.history.button}…
          </a>
        </div>
      )}
    </Panel>
  );
}
