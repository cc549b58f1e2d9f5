import { outcomeOf } from "../copies.ts";
import { describeAttempt, describeProof, describeSince, wasAccepted } from "./describe-attempt.ts";
import { after, describeRepeat, whyToRepeat } from "./describe-repeat.ts";
import { asDecidedOn } from "../earlier-evidence.ts";
import { earlierConclusions } from "./earlier-conclusions.ts";
import type { Attempt, AttemptEnd, Message } from "../message.ts";
import { endOfTime, evidenceAwaitedUntil, nextAttemptAt, nextStep, queueDueAt } from "../next-step.ts";
import { hasTryingEnded, statusOf } from "../status.ts";
import { restoredSince, whyStopped } from "./describe-conclusion.ts";

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
  if (next && !next.presumed && attempt.ended)
    return { decision: "repeat", reason: describeRepeat(message, attempt, next) };
  const then = asDecidedOn(message, attempt);
  const taken = describeProof(then, attempt);
  if (taken) return { decision: "done", reason: taken };
  const outcome = outcomeOf(attempt);
  if (!attempt.ended || !outcome) return { decision: "pending", reason: describeAttempt(attempt) };

  const what = describeAttempt(then);
  const since = describeSince(then, attempt);
  const stop = (why: string): Explanation => ({ decision: "stop", reason: `not repeated: ${what}; ${why}${since}` });
  if (next) return stop(`${restoredSince}.`);
  if (message.conclusion) return stop(`${heldBefore(message)}${whyStopped(message, message.conclusion)}`);
  if (hasTryingEnded(message)) return stop(`${senderOf(message)} has sent the message.`);
  const step = nextStep(message, deadlineAt);
  if (step.kind === "Conclude") return stop(whyStopped(message, step.conclusion));
  if (step.kind !== "Attempt") return { decision: "pending", reason: `${what}.` };
  const { notBefore } = step;
  const due = dueAgain(message, attempt.ended, notBefore);
  const why = whyAgain(message) ?? whyToRepeat(message, attempt, outcome);
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

function senderOf(message: Message): string {
  const taken = message.attempts.find(wasAccepted);
  return taken ? `attempt ${taken.number}` : "a status webhook proved that another attempt";
}
