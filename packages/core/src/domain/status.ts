import {
  decidingCopy,
  hasArrived,
  isAlive,
  isOpenAmbiguity,
  isProven,
  outcomeOf,
  reportsOf,
  someCopy,
  wamidOf,
} from "./copies.ts";
import type { Attempt, Message, Report } from "./message.ts";
import { mayHaveSent } from "./outcome.ts";

/** The status of a message as callers see it. */
export type MessageStatus =
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "read"
  | "failed"
  | "expired"
  | "canceled"
  | "unknown";

/**
 * The status of a message, computed from its facts.
 *
 * @example
 * const found = await sender.find(messageId);
 * found.match((message) => console.log(statusOf(message)), (error) => console.error(error.kind));
 */
export function statusOf(message: Message): MessageStatus {
  const { conclusion } = message;
  const alive = aliveStatusOf(message);
  if (alive) return alive;
  if (conclusion?.as === "abandoned") return "failed";
  if (isInFlight(message)) return "sending";
  if (!hasTryingEnded(message)) return "queued";
  if (hasOpenAmbiguity(message)) return "unknown";
  return conclusion?.as === "canceled" || conclusion?.as === "expired" ? conclusion.as : "failed";
}

function aliveStatusOf(message: Message): "read" | "delivered" | "sent" | undefined {
  const decides = decidingCopy(message);
  if (!decides || !isAlive(decides.attempt, decides.report)) return undefined;
  const { read, played, delivered } = decides.report?.statuses ?? {};
  if (read ?? played) return "read";
  return delivered ? "delivered" : "sent";
}

/** Whether WhatsApp or the recipient has a copy that has not failed. */
export function isSent(message: Message): boolean {
  return aliveStatusOf(message) !== undefined;
}

/**
 * Whether no further attempt begins: the message is concluded, or `wasAccepted`. An attempt that fails after WhatsApp accepted it
 * is not repeated.
 */
export function hasTryingEnded(message: Message): boolean {
  return message.conclusion !== undefined || wasAccepted(message);
}

/** Whether WhatsApp accepted an attempt of the current schedule, even one that failed later, or an earlier copy is still alive. */
export function wasAccepted(message: Message): boolean {
  const earlier = earlierAttemptsOf(message);
  if (earlier === 0) return someCopy(message, isProven);
  return someCopy(
    message,
    (attempt, report) => isAlive(attempt, report) || (attempt.number > earlier && isProven(attempt, report)),
  );
}

/** How many attempts were made before the current schedule began. */
export function earlierAttemptsOf({ resends }: Message): number {
  return resends?.at(-1)?.earlierAttempts ?? 0;
}

/** Whether no attempt is in flight and none will begin by itself. */
export function isFinished(message: Message): boolean {
  return hasTryingEnded(message) && !isInFlight(message);
}

/** Whether the outcome of an unanswered attempt is still unknown. */
export function hasOpenAmbiguity({ attempts }: Pick<Message, "attempts">): boolean {
  return attempts.some(isOpenAmbiguity);
}

/**
 * Whether the message may have been sent without our knowing: an attempt was not answered, or answered with an error that
 * sometimes follows a successful send, and no webhook has reported on it.
 */
export function mayHaveBeenSent({ attempts }: Pick<Message, "attempts">): boolean {
  return attempts.some((attempt) => isOpenAmbiguity(attempt) || isOpenRejection(attempt));
}

function isOpenRejection({ ended, reports }: Attempt): boolean {
  return ended?.outcome.kind === "Refused" && ended.outcome.maybeProcessed && !reports;
}

/** Whether the message holds its unit of quota. The unit is returned once the message cannot have been sent. */
export function holdsQuotaUnit(message: Message): boolean {
  return (
    !hasTryingEnded(message) ||
    message.conclusion?.as === "abandoned" ||
    isInFlight(message) ||
    hasOpenAmbiguity(message) ||
    someCopy(message, isProven)
  );
}

/** Whether a caller may try again under the same key: the message was not sent, and WhatsApp did not reject it. */
export function canRetryWithSameKey(message: Message): boolean {
  const as = message.conclusion?.as;
  if (as !== "throttled" && as !== "interrupted") return false;
  return !hasOpenAmbiguity(message) && !isInFlight(message) && !someCopy(message, isProven);
}

/** Whether more than one copy may have reached the recipient. */
export function isPossibleDuplicate(message: Message): boolean {
  const earlier = earlierAttemptsOf(message);
  let reached = 0;
  return someCopy(message, (attempt, report) => {
    if (mayHaveReached(attempt, report, earlier)) reached += 1;
    return reached > 1;
  });
}

/** A copy that had failed before the message was resent did not reach anybody. */
function mayHaveReached(attempt: Attempt, report: Report | undefined, earlierAttempts: number): boolean {
  if (hasArrived(report)) return true;
  if (isProven(attempt, report)) return !(report?.statuses.failed && attempt.number <= earlierAttempts);
  const outcome = attempt.ended?.outcome;
  if (outcome?.kind === "Ambiguous") return !report;
  return outcome !== undefined && mayHaveSent(outcome);
}

/** The recipient of an attempt as WhatsApp resolved it, if its answer said so. */
export function waIdOf({ ended }: Attempt): string | undefined {
  return ended?.outcome.kind === "Accepted" ? ended.outcome.waId : undefined;
}

/** Every WhatsApp id of the message. More than one means that it was sent more than once. */
export function wamidsOf(message: Pick<Message, "attempts">): readonly string[] {
  let wamids: string[] | undefined;
  for (const attempt of message.attempts) {
    for (const report of reportsOf(attempt)) {
      const wamid = wamidOf(attempt, report);
      if (wamid === undefined) continue;
      // An empty array makes room for 17 with its first element.
      if (!wamids) wamids = [wamid];
      else if (!wamids.includes(wamid)) wamids.push(wamid);
    }
  }
  return wamids ?? none;
}

const none: readonly never[] = [];

/** Whether somebody else has taken the message over since `before`: the queue, or another caller who resumed it. */
export function isTakenOver(before: Pick<Message, "mode" | "liftedConclusions">, after: Message): boolean {
  return after.mode !== before.mode || before.liftedConclusions?.length !== after.liftedConclusions?.length;
}

/** Whether an attempt is in flight. */
export function isInFlight(message: Pick<Message, "attempts">): boolean {
  return message.attempts.some(({ ended }) => !ended);
}

/** The outcome of the last attempt, with what webhooks have reported since. */
export function lastOutcomeOf({ attempts }: Pick<Message, "attempts">) {
  const last = attempts.at(-1);
  return last && outcomeOf(last);
}
