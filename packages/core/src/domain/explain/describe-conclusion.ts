import type { Conclusion, Message } from "../message.ts";
import { endOfTime, nextStep } from "../next-step.ts";
import { failureOf, type Outcome } from "../outcome.ts";
import { sawSuccess } from "../copies.ts";
import { asConcluded } from "../earlier-evidence.ts";
import { describeAmbiguity, subjects } from "./describe-outcome.ts";
import { earlierAttemptsOf, hasOpenAmbiguity, isSent, lastOutcomeOf, mayHaveBeenSent } from "../status.ts";

type Ended = Omit<Conclusion, "at">;

/** Why no further attempt is made, and what can be done about it, as sentences. */
export function whyStopped(message: Message, conclusion: Ended): string {
  const last = lastOutcomeOf(message);
  const next =
    hasOpenAmbiguity(message) && !isSent(message)
      ? unknownNext(message, conclusion, last)
      : knownNext(message, conclusion, last);
  const rule = ruleOf(whenConcluded(message, message.liftedConclusions?.length ?? 0), conclusion);
  return [`${rule}.`, ...next].join(" ");
}

/** The message with its attempts as they were known when it was concluded, after that many earlier conclusions. */
export function whenConcluded(message: Message, earlierConclusions: number): Message {
  return { ...message, attempts: message.attempts.map((attempt) => asConcluded(attempt, earlierConclusions)) };
}

/** The rule behind a conclusion, as a clause. `message`: as it was known then. */
export function ruleOf(message: Message, conclusion: Ended): string {
  const { policy } = message;
  const last = lastOutcomeOf(message);
  switch (conclusion.as) {
    case "refused":
      return whyRejected(message, last);
    case "exhausted":
      return whyExhausted(message, last);
    case "held":
      if (conclusion.restored) return restoredSince;
      return sawSuccess(message.attempts.slice(earlierAttemptsOf(message)))
        ? "a repeat would almost certainly send it twice"
        : policy.onAmbiguous === "verify"
          ? "the policy is verify, and its one repeat without evidence has been made"
          : `the policy is ${policy.onAmbiguous}: a message that may have been sent is not repeated`;
    case "throttled":
      return conclusion.heldBack
        ? `it was held back: ${conclusion.heldBack.reason}`
        : "the limit will not clear before the call's deadline";
    case "interrupted":
      return "the process that was sending it ended";
    case "cut off":
      return "the process that was sending it ended before it answered the caller";
    case "expired":
      return "the next attempt would begin after its time to live";
    case "canceled":
      return "it was canceled";
    case "abandoned":
      return "it was abandoned on request";
  }
}

/** Why a message is not repeated after its store was restored. */
export const restoredSince = "it was restored from a backup, after which it may have been sent";

function whyRejected(message: Message, last: Outcome | undefined): string {
  if (last?.kind === "Refused" && last.final)
    return `this is final, because it concerns ${subjects[last.failure.class]}`;
  if (last?.kind !== "CredentialRefused") return "the outlet or its credentials no longer exist";
  const rejections = message.attempts.filter(({ ended }) => ended?.outcome.kind === "CredentialRefused").length;
  return rejections > 1
    ? "WhatsApp rejected the outlet's other credentials too"
    : "the outlet has no other credentials";
}

function whyExhausted(message: Message, last: Outcome | undefined): string {
  if (last?.kind === "NotSent" && last.final) return "repeating cannot help";
  const { conclusion: _, ...open } = message;
  return nextStep(open, endOfTime).kind === "Attempt"
    ? "the next attempt would begin after the call's deadline"
    : `the schedule's attempts are used up (${message.policy.scheduleMs.length})`;
}

/** What can be done if the outcome of every attempt is known. */
function knownNext(message: Message, { as, retryAt }: Ended, last: Outcome | undefined): readonly string[] {
  const doubt = mayHaveBeenSent(message) && !isSent(message) ? [describeAmbiguity(message)] : [];
  if (as === "throttled" && retryAt) return [...doubt, `Try again from ${retryAt.toISOString()}.`];
  return as === "interrupted" ? [...doubt, "Repeat the call."] : [...doubt, ...adviceOn(as, last)];
}

/** What can be done if the outcome of an attempt is unknown. A new message might be a duplicate. */
function unknownNext(message: Message, { as }: Ended, last: Outcome | undefined): readonly string[] {
  if (as === "abandoned") return [describeAmbiguity(message)];
  const next =
    as === "cut off"
      ? "A call with the same Idempotency-Key resumes it."
      : "Otherwise resolve it: resend or abandon it.";
  return [
    describeAmbiguity(message),
    `If webhooks reach this server, one may still settle it. ${next}`,
    ...adviceOn(as, last),
  ];
}

function adviceOn(as: Ended["as"], last: Outcome | undefined): readonly string[] {
  const advice = last && failureOf(last)?.advice;
  return advice !== undefined && (as === "refused" || as === "exhausted") ? [advice] : [];
}
