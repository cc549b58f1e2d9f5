import { isDead, isProven, outcomeOf, someCopy } from "../copies.ts";
import { earlierConclusions } from "./earlier-conclusions.ts";
import type { Attempt, AttemptEnd, Message } from "../message.ts";
import { endOfTime, evidenceAwaitedUntil, nextAttemptAt, nextStep, queueDueAt } from "../next-step.ts";
import type { Outcome } from "../outcome.ts";
import { describeFailure, describeOutcome } from "./describe-outcome.ts";
import { hasTryingEnded, statusOf } from "../status.ts";
import { whyStopped } from "./describe-conclusion.ts";

/** The decision after an attempt, with its reason. */
export interface Explanation {
  readonly decision: "pending" | "done" | "repeat" | "stop";
  /** For people: what happened, what was decided and what they can do. */
  readonly reason: string;
}

/**
 * Explains the decision after an attempt from the facts that led to it. `deadlineAt`: the last moment at which an attempt may begin;
 * by default the message's time to live.
 *
 * @example
 * for (const attempt of message.attempts) console.log(explain(message, attempt).reason);
 */
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
  const why = whyAgain(message) ?? whyToRepeat(message, outcome);
  return { decision: "repeat", reason: `to be repeated${due}: ${what}; ${why}.${whyHeld(message, notBefore)}` };
}

/** What holds it back until then. Empty if that is its schedule alone. */
function whyHeld({ heldUntil, heldFor }: Message, until: Date): string {
  if (heldUntil?.getTime() !== until.getTime()) return "";
  if (heldFor === "pause") return " It waits because its template is paused.";
  return heldFor ? " It waits because WhatsApp has paused its template." : " Pacing delays it until then.";
}

/** When the next attempt begins. Empty after a requested resend, which does not wait for the schedule. */
function dueAgain(message: Message, { at }: AttemptEnd, notBefore: Date): string {
  if (isResentSince(message)) return "";
  const until = evidenceAwaitedUntil(message);
  if (!until) return ` ${after(notBefore.getTime() - at.getTime())}`;
  const due = until > notBefore ? until : notBefore;
  return ` at ${due.toISOString()}, unless a status webhook proves before then that it was sent`;
}

/** Who asked for the next attempt, if somebody did. */
function whyAgain(message: Message): string | undefined {
  if (isResentSince(message)) return "a resend was requested";
  return evidenceAwaitedUntil(message) && "the caller repeated the request";
}

function isResentSince({ resends, attempts }: Message): boolean {
  return resends?.at(-1)?.earlierAttempts === attempts.length;
}

/** Why it had stopped before it was abandoned. */
function heldBefore(message: Message): string {
  const earlier = message.conclusion?.as === "abandoned" ? earlierConclusions(message).at(-1) : undefined;
  return earlier?.liftedBy === "abandon" ? `${earlier.reason.slice(0, -1)}; ` : "";
}

/** Why no further attempt is made; undefined for a message without a conclusion. */
export function explainConclusion(message: Message): string | undefined {
  return message.conclusion && whyStopped(message, message.conclusion);
}

/** What a queued message waits for, other than its next attempt and pacing; undefined if there is no such thing. */
export function explainHold(message: Message): string | undefined {
  const { heldFor, heldUntil, policy } = message;
  const isScheduled = policy.scheduledAt && nextAttemptAt(message)?.getTime() === policy.scheduledAt.getTime();
  if (isScheduled && statusOf(message) === "queued") return `It is scheduled for ${policy.scheduledAt.toISOString()}.`;
  if (!heldFor || statusOf(message) !== "queued" || queueDueAt(message)?.getTime() !== heldUntil?.getTime())
    return undefined;
  if (heldFor === "pause")
    return "Its template is paused. It is sent once the pause has ended, if its time to live has not.";
  return "WhatsApp has paused its template. It is sent once WhatsApp resumes the template, if its time to live has not ended.";
}

/** The end of a queued message's time to live. A waiting call's deadline is not in the document. */
function ownDeadline({ mode, policy }: Message): Date {
  return mode === "queued" ? (policy.expiresAt ?? endOfTime) : endOfTime;
}

/** How it is known that WhatsApp accepted an attempt, and whether it failed later; undefined if it is not known. */
function proofOf(attempt: Attempt): string | undefined {
  const { ended } = attempt;
  if (!wasAccepted(attempt)) return undefined;
  const later = laterFailure(attempt);
  if (ended?.outcome.kind === "Accepted") return `${acceptedAs(ended.outcome.messageStatus)}${later}`;
  const what = ended ? describeOutcome(ended.outcome) : "no answer yet";
  return `${what}, but a status webhook proved that WhatsApp accepted it.${later}`;
}

function wasAccepted(attempt: Attempt): boolean {
  return someCopy({ attempts: [attempt] }, isProven);
}

/** Says that an accepted attempt has failed since. */
function laterFailure(attempt: Attempt): string {
  const isAlive = someCopy({ attempts: [attempt] }, (_, report) => !isDead(attempt, report));
  return isAlive ? "" : ` A status webhook later reported that it failed${reasonOf(attempt)}.`;
}

/** Says that a webhook reported `failed` for an attempt that WhatsApp never accepted. */
function failureBeside(attempt: Attempt): string {
  const isSettled = attempt.reports !== undefined && !wasAccepted(attempt);
  return isSettled ? `, and a status webhook reported that it failed${reasonOf(attempt)}` : "";
}

function reasonOf({ reports = [] }: Attempt): string {
  const failure = reports.findLast((report) => report.failure)?.failure;
  return failure ? ` (${describeFailure(failure)})` : "";
}

/** Meta's `message_status`. A webhook reports later whether a held or paused message was sent or failed. */
function acceptedAs(messageStatus: string | undefined): string {
  switch (messageStatus) {
    case undefined:
    case "accepted":
      return "WhatsApp accepted it.";
    case "held_for_quality_assessment":
      return "WhatsApp accepted it and holds it for quality assessment: it will be sent or fail later.";
    case "paused":
      return "WhatsApp accepted it and paused it: it will be sent or fail later.";
    default:
      return `WhatsApp accepted it, with the status ${messageStatus}.`;
  }
}

function senderOf(message: Message): string {
  const taken = message.attempts.find(wasAccepted);
  return taken ? `attempt ${taken.number}` : "a status webhook proved that another attempt";
}

function repeated(message: Message, attempt: Attempt, { at, outcome }: AttemptEnd, next: Attempt): string {
  const waitMs = next.startedAt.getTime() - at.getTime();
  const wait = waitMs < 0 ? "before the answer arrived" : after(waitMs);
  const isLate = outcome.kind !== "Accepted" && wasAccepted(attempt);
  const proof = isLate ? " A status webhook later proved that WhatsApp had accepted it." : "";
  const failed = wasAccepted(attempt) ? laterFailure(attempt) : "";
  const why =
    waitMs < 0 ? "the answer arrived late" : whyRepeated(message, attempt, outcomeOf(attempt) ?? outcome, next);
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
      if (outcome.final) return "a queued message waits until WhatsApp resumes the template";
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
