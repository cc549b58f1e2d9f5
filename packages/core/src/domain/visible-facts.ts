import { decidingCopy, failureOfCopy, isAlive } from "./copies.ts";
import type { Failure } from "./failure.ts";
import type { Message } from "./message.ts";
import { isPossibleDuplicate, isSent, statusOf, waIdOf } from "./status.ts";

/** The WhatsApp id of the copy whose status is shown, and the recipient as WhatsApp resolved it. */
export function acceptedAttempt(message: Message): { readonly wamid: string; readonly waId?: string } | undefined {
  const { attempt, wamid } = decidingCopy(message) ?? {};
  if (wamid === undefined) return undefined;
  const waId = attempt && waIdOf(attempt);
  return { wamid, ...(waId !== undefined && { waId }) };
}

/** When the copy whose status is shown was delivered and read. */
export function deliveryTimesOf(message: Message): { readonly deliveredAt?: Date; readonly readAt?: Date } {
  const { delivered, read, played } = decidingCopy(message)?.report?.statuses ?? {};
  const readAt = read ?? played;
  return { ...(delivered && { deliveredAt: delivered }), ...(readAt && { readAt }) };
}

/** When the message failed, even if WhatsApp delivered it after it had reported a failure. */
export function failedAtOf(message: Message): Date | undefined {
  const decides = decidingCopy(message);
  const said = decides?.report?.statuses.failed;
  if (decides && isAlive(decides.attempt, decides.report)) return said;
  return statusOf(message) === "failed" ? (said ?? message.conclusion?.at) : undefined;
}

/** The failure of the copy whose status is shown. */
export function failureOfMessage(message: Message): Failure | undefined {
  const decides = decidingCopy(message);
  return decides && failureOfCopy(decides);
}

/** The failure to show: of a message that failed or is unknown, or one that WhatsApp reported before it delivered the message. */
export function visibleFailureOf(message: Message): Failure | undefined {
  const decides = decidingCopy(message);
  if (decides && isAlive(decides.attempt, decides.report))
    return decides.report?.statuses.failed && decides.report.failure;
  const status = statusOf(message);
  return status === "failed" || status === "unknown" ? failureOfMessage(message) : undefined;
}

/** Whether a caller can see a difference between two revisions of a message. */
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
