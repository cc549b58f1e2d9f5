import { type Message, type MessageDeliveries, statusOf } from "@message-sender/core";
import { type Html, Panel, Region, type RenderedRegion } from "@message-sender/pages";

import { messageHref } from "../frame/links.ts";
import { WithTimes } from "../frame/with-times.tsx";
import { maskedRecipient } from "../messages/masked.ts";
import { StatusBadge } from "../messages/status-badge.tsx";
import { actions, actionsOn } from "./actions.ts";
import { ContentPanel } from "./content-panel.tsx";
import { FactsPanel } from "./facts-panel.tsx";
import { StepList } from "./step-list.tsx";
import { stepsOf } from "./steps.ts";
import { Timeline } from "./timeline.tsx";
import { verdictOf } from "./verdict.ts";

interface JourneyPageProps {
  readonly message: Message;
  readonly formToken: string;
  readonly isShown: boolean;
  /** What an action that came before has to say. */
  readonly says?: string | undefined;
  readonly regions: Readonly<Record<"state" | "journey" | "deliveries", RenderedRegion>>;
}

/** What happened to one message. */
export function JourneyPage({ message, formToken, isShown, says, regions }: JourneyPageProps): Html {
  const { to } = message.request;
  return (
    <div class="column">
      <div class="page-title">
        <h1>Message to {isShown ? to : maskedRecipient(to)}</h1>
      </div>
      {says !== undefined && (
        <p class="panel said" role="status">
          {says}
        </p>
      )}
      <Region of={regions.state} />
      <Region of={regions.journey} />
      <Region of={regions.deliveries} />
      <div class="columns">
        <ContentPanel message={message} formToken={formToken} isShown={isShown} />
        <FactsPanel message={message} isShown={isShown} />
      </div>
    </div>
  );
}

/** What became of it, why, and what to do. */
export function VerdictPanel({ message, now, held }: { message: Message; now: Date; held?: string | undefined }): Html {
  const { tone, headline, why, toDo } = verdictOf(message, now, held);
  return (
    <section class={`panel verdict ${tone}`} aria-label="What became of it">
      <header>
        <h2>{headline}</h2>
        <StatusBadge status={statusOf(message)} />
      </header>
      {why !== undefined && (
        <p>
          <strong>Why:</strong> <WithTimes text={why} />
        </p>
      )}
      {toDo !== undefined && (
        <p>
          <strong>What to do:</strong> {toDo}
        </p>
      )}
      {actionsOn(message).length > 0 && (
        <div class="toolbar">
          {actionsOn(message).map((action) => (
            <a class="button" href={messageHref(message, `confirm?action=${action}`)}>
              {actions[action].button}…
            </a>
          ))}
        </div>
      )}
    </section>
  );
}

/** The time line, and the same in words. */
export function JourneyPanel({
  message,
  deliveries,
  now,
}: {
  message: Message;
  deliveries: MessageDeliveries | undefined;
  now: Date;
}): Html {
  const steps = stepsOf(message, now, deliveries);
  const last = steps.at(-1);
  const label = `${steps.length} steps, from the accept to: ${last?.title ?? "now"}. The list below has them in words.`;
  return (
    <Panel title="Journey">
      <Timeline steps={steps} label={label} />
      <StepList steps={steps} />
    </Panel>
  );
}
