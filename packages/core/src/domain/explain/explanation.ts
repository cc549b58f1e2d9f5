import { copiesOf, isDead, isProven, outcomeOf } from "../copies.ts";
import { earlierConclusions } from "./earlier-conclusions.ts";
import type { Attempt, AttemptEnd, Message } from "../message.ts";
import { endOfTime, evidenceAwaitedUntil, nextStep } from "../next-step.ts";
import type { Outcome } from "../outcome.ts";
import { describeFailure, describeOutcome } from "./outcome-words.ts";
import { hasTryingEnded } from "../status.ts";
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
  const outcome = outcomeOf(attempt);
  if (!attempt.ended || !outcome) return { decision: "pending", reason: `no answer yet${failureBeside(attempt)}` };

  const what = `${describeOutcome(attempt.ended.outcome)}${failureBeside(attempt)}`;
  const stop = (why: string): Explanation => ({ decision: "stop", reason: `not repeated: ${what}; ${why}` });
  if (message.conclusion) return stop(`${heldBefore(message)}${whyStopped(message, message.conclusion)}`);
  if (hasTryingEnded(message)) return stop(`${senderOf(message)} has sent the message.`);
  const step = nextStep(message, deadlineAt);
  if (step.kind === "Conclude") return stop(whyStopped(message, step.conclusion));
  if (step.kind !== "Attempt") return { decision: "pending", reason: `${what}.` };
  const { notBefore } = step;
  const due = dueAgain(message, attempt.ended, notBefore);
  const held = message.heldUntil?.getTime() === notBefore.getTime() ? " Pacing delays it until then." : "";
  const why = whyAgain(message) ?? whyToRepeat(message, outcome);
  return { decision: "repeat", reason: `to be repeated${due}: ${what}; ${why}.${held}` };
}

/** When the next attempt begins: what somebody asked for after the last one ended is no wait of the schedule. */
function dueAgain(message: Message, { at }: AttemptEnd, notBefore: Date): string {
  if (isResentSince(message)) return "";
  const until = evidenceAwaitedUntil(message);
  if (!until) return ` ${after(notBefore.getTime() - at.getTime())}`;
  const due = until > notBefore ? until : notBefore;
  return ` at ${due.toISOString()}, unless a status webhook proves before that it was sent`;
}

/** That somebody asked for the next attempt. */
function whyAgain(message: Message): string | undefined {
  if (isResentSince(message)) return "a resend was requested";
  return evidenceAwaitedUntil(message) && "the caller repeated the request";
}

function isResentSince({ resends, attempts }: Message): boolean {
  return resends?.at(-1)?.earlierAttempts === attempts.length;
}

/** Why it had ended before it was given up. */
function heldBefore(message: Message): string {
  const earlier = message.conclusion?.as === "abandoned" ? earlierConclusions(message).at(-1) : undefined;
  return earlier?.liftedBy === "abandon" ? `${earlier.reason.slice(0, -1)}; ` : "";
}

/** Why nothing more is tried; undefined where something is, or where it was sent without further ado. */
export function explainConclusion(message: Message): string | undefined {
  return message.conclusion && whyStopped(message, message.conclusion);
}

/** A queued message's time to live; what a waiting call's deadline was is not in the document. */
function ownDeadline({ mode, policy }: Message): Date {
  return mode === "queued" ? (policy.expiresAt ?? endOfTime) : endOfTime;
}

/** How it is known that WhatsApp took an attempt, and that it failed all the same; undefined where it is not. */
function proofOf(attempt: Attempt): string | undefined {
  const { ended } = attempt;
  if (!isTaken(attempt)) return undefined;
  const later = laterFailure(attempt);
  if (ended?.outcome.kind === "Accepted") return `${acceptedAs(ended.outcome.messageStatus)}${later}`;
  const what = ended ? describeOutcome(ended.outcome) : "no answer yet";
  return `${what}, but a status webhook proved that WhatsApp took it.${later}`;
}

function isTaken(attempt: Attempt): boolean {
  return copiesOf({ attempts: [attempt] }).some(isProven);
}

/** That what WhatsApp took has failed since. */
function laterFailure(attempt: Attempt): string {
  const copies = copiesOf({ attempts: [attempt] });
  return copies.every(isDead) ? ` A status webhook said later that it failed${reasonOf(attempt)}.` : "";
}

/** That a webhook said `failed` of what WhatsApp is not known to have taken. */
function failureBeside(attempt: Attempt): string {
  const isSettled = attempt.reports !== undefined && !isTaken(attempt);
  return isSettled ? `, and a status webhook said that it failed${reasonOf(attempt)}` : "";
}

function reasonOf({ reports = [] }: Attempt): string {
  const failure = reports.findLast((report) => report.failure)?.failure;
  return failure ? ` (${describeFailure(failure)})` : "";
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
  const taken = message.attempts.find(isTaken);
  return taken ? `attempt ${taken.number}` : "a status webhook proved that another attempt";
}

function repeated(message: Message, attempt: Attempt, { at, outcome }: AttemptEnd, next: Attempt): string {
  const waitMs = next.startedAt.getTime() - at.getTime();
  const wait = waitMs < 0 ? "before that was known" : after(waitMs);
  const isLate = outcome.kind !== "Accepted" && isTaken(attempt);
  const proof = isLate ? " A status webhook proved later that WhatsApp had taken it." : "";
  const failed = isTaken(attempt) ? laterFailure(attempt) : "";
  const why = waitMs < 0 ? "the answer came late" : whyRepeated(message, attempt, outcomeOf(attempt) ?? outcome, next);
  return `repeated ${wait}: ${describeOutcome(outcome)}${failureBeside(attempt)}; ${why}.${proof}${failed}`;
}

function whyRepeated(message: Message, attempt: Attempt, outcome: Outcome, next: Attempt): string {
  if (message.resends?.some(({ earlierAttempts }) => attempt.number === earlierAttempts))
    return "a resend was requested";
  const isResumed = message.liftedConclusions?.some(
    ({ at, liftedAt }) => at > attempt.startedAt && liftedAt <= next.startedAt,
  );
  if (isResumed) return "the caller repeated the request";
  if (outcome.kind === "CredentialRefused") return "the outlet had other credentials";
  return whyToRepeat(message, outcome);
}

function whyToRepeat({ policy }: Message, outcome: Outcome): string {
  switch (outcome.kind) {
    case "Throttled":
      return `nothing was processed, and ${limits[outcome.scope]} is temporary`;
    case "CredentialRefused":
      return "the outlet's other credentials, if any, are tried once";
    case "Refused":
      return outcome.maybeProcessed
        ? "this is usually temporary, but the message may already have been sent: a repeat may send it twice"
        : "this is usually temporary, and nothing was processed";
    case "Ambiguous":
      return policy.onAmbiguous === "verify"
        ? "the policy is verify: without evidence in time it is repeated once, which may send it twice"
        : `the policy is ${policy.onAmbiguous}: it is repeated, which may send it twice`;
    default:
      return "nothing was sent, so a repeat is safe";
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
