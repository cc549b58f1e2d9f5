import type { Conclusion, Message } from "../message.ts";
import { endOfTime, nextStep } from "../next-step.ts";
import { failureOf, type Outcome } from "../outcome.ts";
import { sawSuccess } from "../copies.ts";
import { describeAmbiguity, subjects } from "./outcome-words.ts";
import { earlierAttemptsOf, hasOpenAmbiguity, isSent, lastOutcomeOf, mayHaveBeenSent } from "../status.ts";

type Ended = Omit<Conclusion, "at">;

/** Why nothing more is tried, and what can be done about it. */
export function whyStopped(message: Message, conclusion: Ended): string {
  const last = lastOutcomeOf(message);
  const next =
    hasOpenAmbiguity(message) && !isSent(message)
      ? unknownNext(message, conclusion, last)
      : knownNext(message, conclusion, last);
  return [`${ruleOf(message, conclusion)}.`, ...next].join(" ");
}

/** The rule that a conclusion followed from, in words that a sentence goes on from. */
export function ruleOf(message: Message, conclusion: Ended): string {
  const { policy } = message;
  const last = lastOutcomeOf(message);
  switch (conclusion.as) {
    case "refused":
      return whyRefused(message, last);
    case "exhausted":
      return whyExhausted(message, last);
    case "held":
      return sawSuccess(message.attempts.slice(earlierAttemptsOf(message)))
        ? "a repeat would almost certainly send it twice"
        : policy.onAmbiguous === "verify"
          ? "the policy is verify, and its one repeat without evidence has been made"
          : `the policy is ${policy.onAmbiguous}: what may have been sent is not repeated`;
    case "throttled":
      return conclusion.heldBack
        ? `it was held back: ${conclusion.heldBack.reason}`
        : "the limit will not clear before the call's deadline";
    case "interrupted":
      return "the process that worked on it ended";
    case "cut off":
      return "the process that worked on it ended before its caller was answered";
    case "expired":
      return "the next attempt would begin after its time to live";
    case "canceled":
      return "it was canceled";
    case "abandoned":
      return "it was abandoned on request";
  }
}

function whyRefused(message: Message, last: Outcome | undefined): string {
  if (last?.kind === "Refused" && last.final) return `this is final, since it is about ${subjects[last.failure.class]}`;
  if (last?.kind !== "CredentialRefused") return "the outlet, or credentials for it, are no longer known";
  const refusals = message.attempts.filter(({ ended }) => ended?.outcome.kind === "CredentialRefused").length;
  return refusals > 1 ? "the outlet's other credentials were refused as well" : "the outlet has no other credentials";
}

function whyExhausted(message: Message, last: Outcome | undefined): string {
  if (last?.kind === "NotSent" && last.final) return "repeating cannot help";
  const { conclusion: _, ...open } = message;
  return nextStep(open, endOfTime).kind === "Attempt"
    ? "the next attempt would begin after the call's deadline"
    : `the schedule's attempts are used up (${message.policy.scheduleMs.length})`;
}

/** What can be done where every attempt was answered. */
function knownNext(message: Message, { as, retryAt }: Ended, last: Outcome | undefined): readonly string[] {
  const doubt = mayHaveBeenSent(message) && !isSent(message) ? [describeAmbiguity(message)] : [];
  if (as === "throttled" && retryAt) return [...doubt, `Try again from ${retryAt.toISOString()}.`];
  return as === "interrupted" ? [...doubt, "Repeat the call."] : [...doubt, ...adviceOn(as, last)];
}

/** What can be done where an attempt's outcome is open: repeating the message by hand might send it twice. */
function unknownNext(message: Message, { as }: Ended, last: Outcome | undefined): readonly string[] {
  if (as === "abandoned") return [describeAmbiguity(message)];
  const next =
    as === "cut off" ? "a call with the same Idempotency-Key resumes it" : "or resolve it: resend it or abandon it";
  return [
    describeAmbiguity(message),
    `If webhooks reach this server, one may still settle it; ${next}.`,
    ...adviceOn(as, last),
  ];
}

function adviceOn(as: Ended["as"], last: Outcome | undefined): readonly string[] {
  const advice = last && failureOf(last)?.advice;
  return advice !== undefined && (as === "refused" || as === "exhausted") ? [advice] : [];
}
