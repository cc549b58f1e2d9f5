import { type Html, Time } from "@message-sender/pages";

import { WithTimes } from "../frame/with-times.tsx";
import { duration } from "../words/duration.ts";
import type { Step } from "./step.ts";

/** The journey in words, in the order of time. */
export function StepList({ steps }: { steps: readonly Step[] }): Html {
  const start = steps[0]?.at.getTime() ?? 0;
  return (
    <ol class="steps" aria-label="Journey">
      {steps.map(({ at, tone, lane, isOpen, title, reason }) => (
        <li class={`step-line ${tone}${isOpen ? " open" : ""}`} data-lane={lane}>
          <span class="step-time">
            <Time at={at} form="second" />
            <span class="muted"> +{duration(at.getTime() - start)}</span>
          </span>
          <span class="step-what">
            <strong>{title}</strong>
            {reason !== undefined && (
              <span class="step-reason">
                <WithTimes text={reason} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
