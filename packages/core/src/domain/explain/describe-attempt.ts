import { isDead, isProven, someCopy } from "../copies.ts";
import type { Attempt } from "../message.ts";
import { describeFailure, describeOutcome } from "./describe-outcome.ts";

/** What is known of an attempt, as a clause. */
export function describeAttempt(attempt: Attempt): string {
  const { ended } = attempt;
  const outcome = ended ? describeOutcome(ended.outcome) : "no answer yet";
  const isProvenLater = wasAccepted(attempt) && ended?.outcome.kind !== "Accepted";
  const proof = isProvenLater ? ", but a status webhook proved that WhatsApp accepted it" : "";
  return `${outcome}${proof}${hasFailed(attempt) ? `, and ${failureOf(attempt)}` : ""}`;
}

/** What has become known of an attempt since then, as sentences with a space before each. */
export function describeSince(then: Attempt, attempt: Attempt): string {
  const { ended } = attempt;
  if (then === attempt || !ended) return "";
  // Only an answer takes the place of an end.
  const isAnswered = then.ended?.outcome.kind === "Ambiguous" && ended.outcome.kind !== "Ambiguous";
  const isProvenSince = ended.outcome.kind !== "Accepted" && wasAccepted(attempt) && !wasAccepted(then);
  return [
    ...(isAnswered ? [` The outcome was recorded later: ${describeOutcome(ended.outcome)}.`] : []),
    ...(isProvenSince ? [" A status webhook later proved that WhatsApp had accepted it."] : []),
    ...(hasFailed(attempt) && !hasFailed(then) ? [laterFailure(attempt)] : []),
  ].join("");
}

/**
 * How it is known that WhatsApp accepted an attempt, and whether it failed later; undefined if it is not known. `then`: the attempt as it
 * was known when the message was concluded.
 */
export function describeProof(then: Attempt, attempt: Attempt): string | undefined {
  const { ended } = attempt;
  if (!wasAccepted(attempt)) return undefined;
  const later = hasFailed(attempt) ? laterFailure(attempt) : "";
  if (ended?.outcome.kind === "Accepted") {
    const isLate = then.ended && then.ended.outcome.kind !== "Accepted";
    const before = isLate ? `${describeOutcome(then.ended.outcome)}, but the outcome was recorded later: ` : "";
    return `${before}${acceptedAs(ended.outcome.messageStatus)}${later}`;
  }
  const what = ended ? describeOutcome(ended.outcome) : "no answer yet";
  return `${what}, but a status webhook proved that WhatsApp accepted it.${later}`;
}

/** Whether WhatsApp accepted the attempt, by its answer or by a status webhook. */
export function wasAccepted(attempt: Attempt): boolean {
  return someCopy({ attempts: [attempt] }, isProven);
}

/** Whether a status webhook reported that the attempt failed, and no copy of it is alive. */
function hasFailed(attempt: Attempt): boolean {
  const isReported = attempt.reports?.some(({ statuses }) => statuses.failed !== undefined) ?? false;
  return isReported && !someCopy({ attempts: [attempt] }, (_, report) => !isDead(attempt, report));
}

function laterFailure(attempt: Attempt): string {
  return ` A status webhook later reported that it failed${reasonOf(attempt)}.`;
}

function failureOf(attempt: Attempt): string {
  return `a status webhook reported that it failed${reasonOf(attempt)}`;
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
