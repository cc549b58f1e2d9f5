import { type Message, statusOf } from "@message-sender/core";
import { explainConclusion, explainHold, visibleFailureOf } from "@message-sender/core/adapter";

import { maskedText } from "./masked.ts";

/** Why a message is where it is, in a line for a list. Empty where the status says it all. `pause`: what pauses it, in words. */
export function whyOf(message: Message, pause?: string): string {
  const failure = visibleFailureOf(message);
  if (failure) return maskedText(said(failure));
  switch (statusOf(message)) {
    case "queued":
      return pause ?? explainHold(message) ?? whyRepeated(message);
    case "failed":
    case "expired":
    case "unknown":
    case "canceled":
      return maskedText(explainConclusion(message) ?? "");
    default:
      return "";
  }
}

/** Of a message that was tried and is not given up. */
function whyRepeated({ attempts }: Message): string {
  const outcome = attempts.at(-1)?.ended?.outcome;
  if (!outcome || outcome.kind === "Accepted") return "";
  const what = "failure" in outcome ? said(outcome.failure) : outcome.cause;
  return maskedText(`Attempt ${attempts.length}: ${what}`);
}

function said({ code, title, details }: { code?: number; title?: string; details: string }): string {
  const words = title ?? details;
  return code === undefined ? words : `${code} ${words}`;
}
