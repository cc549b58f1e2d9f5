import {
  type Copy,
  copiesOf,
  decidingCopy,
  failureOfCopy,
  hasArrived,
  isAlive,
  isOpenAmbiguity,
  isProven,
  outcomeOf,
} from "./copies.ts";
import type { Failure } from "./failure.ts";
import type { Attempt, Message } from "./message.ts";
import { mayHaveSent } from "./outcome.ts";

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

/** The status of a message: the first line that its facts match. */
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
  if (!decides || !isAlive(decides)) return undefined;
  const { read, played, delivered } = decides.report?.statuses ?? {};
  if (read ?? played) return "read";
  return delivered ? "delivered" : "sent";
}

/** A copy of it is with WhatsApp or its recipient. */
export function isSent(message: Message): boolean {
  return aliveStatusOf(message) !== undefined;
}

/**
 * No further attempt begins: the message was concluded, WhatsApp took an attempt of its present schedule, or an earlier attempt
 * proved to be alive. An attempt that fails after WhatsApp took it is not repeated.
 */
export function hasTryingEnded(message: Message): boolean {
  return message.conclusion !== undefined || wasAccepted(message);
}

/** WhatsApp took it in its present schedule, whatever became of it; or a copy from before that is alive after all. */
export function wasAccepted(message: Message): boolean {
  const earlier = earlierAttemptsOf(message);
  return copiesOf(message).some((copy) => isAlive(copy) || (copy.attempt.number > earlier && isProven(copy)));
}

/** How many attempts were made before the present schedule began. */
export function earlierAttemptsOf({ resends }: Message): number {
  return resends?.at(-1)?.earlierAttempts ?? 0;
}

/** No attempt is in flight, and none will begin by itself. */
export function isFinished(message: Message): boolean {
  return hasTryingEnded(message) && !isInFlight(message);
}

/** An attempt without an answer, that nothing has settled since. */
export function hasOpenAmbiguity({ attempts }: Pick<Message, "attempts">): boolean {
  return attempts.some(isOpenAmbiguity);
}

/**
 * No webhook has settled what became of an attempt that WhatsApp did not answer, or answered with an error that sometimes
 * follows a send that went through.
 */
export function mayHaveBeenSent({ attempts }: Pick<Message, "attempts">): boolean {
  return attempts.some((attempt) => isOpenAmbiguity(attempt) || isOpenRefusal(attempt));
}

function isOpenRefusal({ ended, reports }: Attempt): boolean {
  return ended?.outcome.kind === "Refused" && ended.outcome.maybeProcessed && !reports;
}

/** Whether the message still holds its unit of quota: it goes back once nothing can have been sent. */
export function holdsQuotaUnit(message: Message): boolean {
  return (
    !hasTryingEnded(message) ||
    message.conclusion?.as === "abandoned" ||
    isInFlight(message) ||
    hasOpenAmbiguity(message) ||
    copiesOf(message).some(isProven)
  );
}

/** It was not sent and WhatsApp refused nothing, so its caller may try again under the same key. */
export function canRetryWithSameKey(message: Message): boolean {
  const as = message.conclusion?.as;
  if (as !== "throttled" && as !== "interrupted") return false;
  return !hasOpenAmbiguity(message) && !isInFlight(message) && !copiesOf(message).some(isProven);
}

/** More than one copy may have reached the recipient. */
export function isPossibleDuplicate(message: Message): boolean {
  const earlier = earlierAttemptsOf(message);
  return copiesOf(message).filter((copy) => mayHaveReached(copy, earlier)).length > 1;
}

/** What had failed before the message was resent did not reach anybody. */
function mayHaveReached(copy: Copy, earlierAttempts: number): boolean {
  const { attempt, report } = copy;
  if (hasArrived(copy)) return true;
  if (isProven(copy)) return !(report?.statuses.failed && attempt.number <= earlierAttempts);
  const outcome = attempt.ended?.outcome;
  if (outcome?.kind === "Ambiguous") return !report;
  return outcome !== undefined && mayHaveSent(outcome);
}

/** The id that WhatsApp gave the attempt that decides what is shown, and what it resolved the recipient to. */
export function acceptedAttempt(message: Message): { readonly wamid: string; readonly waId?: string } | undefined {
  const { attempt, wamid } = decidingCopy(message) ?? {};
  if (wamid === undefined) return undefined;
  const waId = attempt && waIdOf(attempt);
  return { wamid, ...(waId !== undefined && { waId }) };
}

/** What WhatsApp resolved the recipient of an attempt to, where it said so. */
export function waIdOf({ ended }: Attempt): string | undefined {
  return ended?.outcome.kind === "Accepted" ? ended.outcome.waId : undefined;
}

/** Every id that WhatsApp gave it; more than one is a duplicate. */
export function wamidsOf(message: Pick<Message, "attempts">): readonly string[] {
  return [...new Set(copiesOf(message).flatMap(({ wamid }) => wamid ?? []))];
}

/** When the attempt that decides was delivered and read. */
export function deliveryTimesOf(message: Message): { readonly deliveredAt?: Date; readonly readAt?: Date } {
  const { delivered, read, played } = decidingCopy(message)?.report?.statuses ?? {};
  const readAt = read ?? played;
  return { ...(delivered && { deliveredAt: delivered }), ...(readAt && { readAt }) };
}

/** When it failed; also where WhatsApp reported that and delivered it all the same. */
export function failedAtOf(message: Message): Date | undefined {
  const decides = decidingCopy(message);
  const said = decides?.report?.statuses.failed;
  if (decides && isAlive(decides)) return said;
  return statusOf(message) === "failed" ? (said ?? message.conclusion?.at) : undefined;
}

/** What WhatsApp said against the attempt that decides. */
export function failureOfMessage(message: Message): Failure | undefined {
  const decides = decidingCopy(message);
  return decides && failureOfCopy(decides);
}

/** The failure to show: that of a message that failed or is unknown, or one that WhatsApp reported and delivered it after all. */
export function visibleFailureOf(message: Message): Failure | undefined {
  const decides = decidingCopy(message);
  if (decides && isAlive(decides)) return decides.report?.statuses.failed && decides.report.failure;
  const status = statusOf(message);
  return status === "failed" || status === "unknown" ? failureOfMessage(message) : undefined;
}

export function isVisiblyDifferent(before: Message, after: Message): boolean {
  return (
    statusOf(before) !== statusOf(after) ||
    before.sentAt?.getTime() !== after.sentAt?.getTime() ||
    (before.attempts !== after.attempts && isShownDifferently(before, after))
  );
}

function isShownDifferently(before: Message, after: Message): boolean {
  const [was, is] = [deliveryTimesOf(before), deliveryTimesOf(after)];
  return (
    was.deliveredAt?.getTime() !== is.deliveredAt?.getTime() ||
    was.readAt?.getTime() !== is.readAt?.getTime() ||
    failedAtOf(before)?.getTime() !== failedAtOf(after)?.getTime() ||
    isPossibleDuplicate(before) !== isPossibleDuplicate(after) ||
    shownWamid(before) !== shownWamid(after) ||
    JSON.stringify(visibleFailureOf(before)) !== JSON.stringify(visibleFailureOf(after))
  );
}

function shownWamid(message: Message): string | undefined {
  return isSent(message) ? acceptedAttempt(message)?.wamid : undefined;
}

/** Whoever had it `before` no longer has it: it was given to the queue, or another caller resumed it. */
export function isTakenOver(before: Pick<Message, "mode" | "liftedConclusions">, after: Message): boolean {
  return after.mode !== before.mode || before.liftedConclusions?.length !== after.liftedConclusions?.length;
}

/** An attempt was begun and has no end yet. */
export function isInFlight(message: Pick<Message, "attempts">): boolean {
  return message.attempts.some(({ ended }) => !ended);
}

/** The last attempt's outcome, as far as is known by now. */
export function lastOutcomeOf({ attempts }: Pick<Message, "attempts">) {
  const last = attempts.at(-1);
  return last && outcomeOf(last);
}
