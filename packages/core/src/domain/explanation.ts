import type { Attempt, AttemptEnd, Message } from "./message.ts";
import { endOfTime, nextStep } from "./next-step.ts";
import type { Outcome } from "./outcome.ts";
import { describeOutcome } from "./outcome-words.ts";
import { wamidOf, wasSent } from "./status.ts";
import { whyStopped } from "./stop-words.ts";

/** What was decided after an attempt, and why. */
export interface Explanation {
  readonly decision: "pending" | "done" | "repeat" | "stop";
  /** What happened, what followed from it and what can be done about it, as a person reads it. */
  readonly reason: string;
}

/** Explains the decision after an attempt from the facts that led to it. */
export function explain(message: Message, attempt: Attempt, deadlineAt = ownDeadline(message)): Explanation {
  const next = message.attempts[attempt.number];
  if (next && attempt.ended) return { decision: "repeat", reason: repeated(message, attempt, attempt.ended, next) };
  const taken = proofOf(attempt);
  if (taken) return { decision: "done", reason: taken };
  if (!attempt.ended) return { decision: "pending", reason: "no answer yet" };

  const what = describeOutcome(attempt.ended.outcome);
  const stop = (why: string): Explanation => ({ decision: "stop", reason: `not repeated: ${what}; ${why}` });
  if (message.conclusion) return stop(whyStopped(message, message.conclusion));
  if (wasSent(message)) return stop(`${senderOf(message)} has sent the message.`);
  const step = nextStep(message, deadlineAt);
  if (step.kind === "Conclude") return stop(whyStopped(message, step.conclusion));
  if (step.kind !== "Attempt") return { decision: "pending", reason: `${what}.` };
  const { notBefore } = step;
  const wait = after(notBefore.getTime() - attempt.ended.at.getTime());
  const held = message.heldUntil?.getTime() === notBefore.getTime() ? " Pacing holds it back so long." : "";
  const why = whyToRepeat(message, attempt.ended.outcome);
  return { decision: "repeat", reason: `to be repeated ${wait}: ${what}; ${why}.${held}` };
}

/** Why nothing more is tried; undefined where something is, or where it was sent without further ado. */
export function explainConclusion(message: Message): string | undefined {
  return message.conclusion && whyStopped(message, message.conclusion);
}

/** A queued message's time to live; what a waiting call's deadline was is not in the document. */
function ownDeadline({ mode, policy }: Message): Date {
  return mode === "queued" ? (policy.expiresAt ?? endOfTime) : endOfTime;
}

/** How it is known that WhatsApp took an attempt; undefined where it is not. */
function proofOf({ ended, evidence }: Attempt): string | undefined {
  if (ended?.outcome.kind === "Accepted") return acceptedAs(ended.outcome.messageStatus);
  if (evidence === undefined) return undefined;
  const proof = "a status webhook proved that WhatsApp took it";
  return ended ? `${describeOutcome(ended.outcome)}, but ${proof}.` : `no answer yet, but ${proof}.`;
}

/** Meta's `message_status`: held and paused messages are sent or fail later, which a webhook tells. */
function acceptedAs(messageStatus: string | undefined): string {
  switch (messageStatus) {
    case undefined:
    case "accepted":
      return "WhatsApp accepted it.";
    case "held_for_quality_assessment":
      return "WhatsApp accepted it and holds it for quality assessment: it is sent or fails later.";
    case "paused":
      return "WhatsApp accepted it and has paused it: it is sent or fails later.";
    default:
      return `WhatsApp accepted it, with the status ${messageStatus}.`;
  }
}

function senderOf(message: Message): string {
  const taken = message.attempts.find((attempt) => wamidOf(attempt) !== undefined);
  return taken ? `attempt ${taken.number}` : "a status webhook proved that another attempt";
}

function repeated(message: Message, attempt: Attempt, { at, outcome }: AttemptEnd, next: Attempt): string {
  const waitMs = next.startedAt.getTime() - at.getTime();
  const wait = waitMs < 0 ? "before that was known" : after(waitMs);
  const proof = attempt.evidence === undefined ? "" : " A status webhook proved later that WhatsApp had taken it.";
  const why = waitMs < 0 ? "the answer came late" : whyRepeated(message, attempt, outcome, next);
  return `repeated ${wait}: ${describeOutcome(outcome)}; ${why}.${proof}`;
}

function whyRepeated(message: Message, attempt: Attempt, outcome: Outcome, next: Attempt): string {
  if (attempt.number === message.earlierAttempts) return "it was resolved to be sent again";
  const isResumed = message.liftedConclusions?.some(
    ({ at, liftedAt }) => at > attempt.startedAt && liftedAt <= next.startedAt,
  );
  if (isResumed) return "it was asked for again";
  if (outcome.kind === "CredentialRefused") return "the outlet had other credentials";
  return whyToRepeat(message, outcome);
}

function whyToRepeat({ policy }: Message, outcome: Outcome): string {
  switch (outcome.kind) {
    case "Throttled":
      return `nothing was processed, and ${limits[outcome.scope]} passes`;
    case "CredentialRefused":
      return "other credentials of the outlet's are looked for, and tried once";
    case "Refused":
      return outcome.maybeProcessed
        ? "it mostly passes, but it sometimes follows a send that went through, so that a repeat may send twice"
        : "it mostly passes, and nothing was processed";
    case "Ambiguous":
      return policy.onAmbiguous === "verify"
        ? "the policy is verify: without evidence in time it is repeated once, which may send twice"
        : `the policy is ${policy.onAmbiguous}: it is repeated, which may send twice`;
    default:
      return "nothing was sent, so that a repeat is safe";
  }
}

const limits = {
  app: "the app's limit",
  account: "the WhatsApp account's limit",
  number: "the number's limit",
  maintenance: "the maintenance",
  pair: "the limit of this pair of sender and recipient",
} as const;

function after(ms: number): string {
  if (ms < 10) return "at once";
  return ms < 1000 ? `after ${Math.round(ms)} ms` : `after ${Math.round(ms / 100) / 10} s`;
}
