import type { Attempt, Conclusion, ConclusionReason, Message } from "./message.ts";
import { endOfTime, type NextStep, nextStep } from "./next-step.ts";
import type { Outcome } from "./outcome.ts";

/** What was decided after an attempt, and why. */
export interface Explanation {
  readonly decision: "pending" | "done" | "repeat" | "stop";
  readonly reason: string;
}

/** Explains each decision from the facts that led to it. */
export function explain(message: Message, attempt: Attempt): Explanation {
  if (!attempt.ended) return { decision: "pending", reason: "no answer yet" };
  const { outcome } = attempt.ended;
  if (outcome.kind === "Accepted") return { decision: "done", reason: "WhatsApp accepted it" };
  const what = describe(outcome);
  const isLast = attempt.number === message.attempts.length;
  const step = message.conclusion ?? stopOf(nextStep(message, endOfTime));
  return isLast && step
    ? { decision: "stop", reason: `${what}; not repeated: ${whyStop(message, step.as, outcome)}` }
    : { decision: "repeat", reason: `${what}; repeated: ${whyRepeat(message, attempt.number, outcome)}` };
}

function stopOf(step: NextStep): Pick<Conclusion, "as"> | undefined {
  return step.kind === "Conclude" ? step.conclusion : undefined;
}

function describe(outcome: Exclude<Outcome, { kind: "Accepted" }>): string {
  switch (outcome.kind) {
    case "Refused":
    case "CredentialRefused":
    case "Throttled": {
      const { code, details } = outcome.failure;
      return code === undefined ? details : `error ${code}: ${details}`;
    }
    case "NotSent":
      return `the request never left: ${outcome.cause}`;
    case "Ambiguous":
      return `no readable answer: ${outcome.cause}`;
  }
}

function whyRepeat(message: Message, number: number, outcome: Outcome): string {
  if (number === message.earlierAttempts) return "it was resolved to be sent again";
  switch (outcome.kind) {
    case "Throttled":
      return `the limit of the ${outcome.scope} passes`;
    case "CredentialRefused":
      return "the outlet has other credentials now";
    case "Refused":
      return outcome.maybeProcessed ? "it may pass, and a repeat may send twice" : "it may pass";
    case "Ambiguous":
      return `the policy is ${message.policy.onAmbiguous}, which may send twice`;
    default:
      return "nothing was sent";
  }
}

function whyStop(message: Message, as: ConclusionReason, outcome: Outcome): string {
  switch (as) {
    case "refused":
      return outcome.kind === "CredentialRefused" ? "the outlet has no other credentials" : "repeating cannot help";
    case "exhausted":
      if (outcome.kind === "NotSent" && outcome.final) return "repeating cannot help";
      return message.attempts.length < message.policy.scheduleMs.length
        ? "the next attempt would begin past the deadline"
        : "the schedule is used up";
    case "held":
      return outcome.kind === "Ambiguous" && outcome.sawSuccess
        ? "WhatsApp answered with success, so a repeat would send twice"
        : `the policy is ${message.policy.onAmbiguous}`;
    case "throttled":
      return message.conclusion?.heldBack?.reason ?? "the limit passes only after the deadline";
    case "interrupted":
      return "the sender was shut down";
    case "expired":
      return "the next attempt would begin past its time to live";
    default:
      return as;
  }
}
