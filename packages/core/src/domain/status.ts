import type { Failure } from "./failure.ts";
import type { Attempt, Message } from "./message.ts";
import { failureOf, mayHaveSent } from "./outcome.ts";

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
  const { providerStatuses: provider, conclusion } = message;
  if (provider.read || provider.played) return "read";
  if (provider.delivered) return "delivered";
  if (provider.failed) return "failed";
  if (wasSent(message)) return "sent";
  if (conclusion?.as === "abandoned") return "failed";
  if (conclusion && hasOpenAmbiguity(message)) return "unknown";
  if (conclusion?.as === "canceled" || conclusion?.as === "expired") return conclusion.as;
  if (conclusion) return "failed";
  return isInFlight(message) ? "sending" : "queued";
}

/** WhatsApp has taken it: an attempt was accepted, or a webhook spoke of it. */
export function wasSent(message: Message): boolean {
  return (
    acceptedAttempt(message) !== undefined || Object.values(message.providerStatuses).some((at) => at !== undefined)
  );
}

/** Nothing more is tried: it was sent, or concluded. */
export function isFinished(message: Message): boolean {
  return message.conclusion !== undefined || wasSent(message);
}

/** An attempt without an answer, that nothing has settled since. */
export function hasOpenAmbiguity(message: Message): boolean {
  return !wasSent(message) && message.attempts.some((attempt) => attempt.ended?.outcome.kind === "Ambiguous");
}

/** Whether the message still holds its unit of quota: it goes back once nothing can have been sent. */
export function keepsUnit(message: Message): boolean {
  return (
    !message.conclusion ||
    message.conclusion.as === "abandoned" ||
    wasSent(message) ||
    hasOpenAmbiguity(message) ||
    isInFlight(message)
  );
}

/** More than one attempt may have reached the recipient. */
export function isPossibleDuplicate(message: Message): boolean {
  return message.attempts.filter((attempt) => attempt.ended && mayHaveSent(attempt.ended.outcome)).length > 1;
}

/** The first attempt that WhatsApp accepted, by its answer or by a webhook. */
export function acceptedAttempt(message: Message): { wamid: string; waId?: string } | undefined {
  for (const { ended, evidence } of message.attempts) {
    if (ended?.outcome.kind === "Accepted") return ended.outcome;
    if (evidence !== undefined) return { wamid: evidence };
  }
  return undefined;
}

/** Every id that WhatsApp gave it; more than one is a duplicate. */
export function wamidsOf(message: Message): readonly string[] {
  return message.attempts.map(wamidOf).filter((wamid) => wamid !== undefined);
}

/** The id that WhatsApp gave one attempt, by its answer or by a webhook. */
export function wamidOf({ ended, evidence }: Attempt): string | undefined {
  return ended?.outcome.kind === "Accepted" ? ended.outcome.wamid : evidence;
}

export function failedAtOf(message: Message): Date | undefined {
  if (statusOf(message) !== "failed") return undefined;
  return message.providerStatuses.failed ?? message.conclusion?.at;
}

/** The last thing that WhatsApp said against it. */
export function failureOfMessage(message: Message): Failure | undefined {
  if (message.providerFailure) return message.providerFailure;
  const ended = message.attempts.at(-1)?.ended;
  return ended && failureOf(ended.outcome);
}

export function isVisiblyDifferent(before: Message, after: Message): boolean {
  return (
    statusOf(before) !== statusOf(after) ||
    before.sentAt?.getTime() !== after.sentAt?.getTime() ||
    isPossibleDuplicate(before) !== isPossibleDuplicate(after) ||
    before.providerFailure !== after.providerFailure ||
    (["delivered", "read", "played", "failed"] as const).some(
      (status) => before.providerStatuses[status]?.getTime() !== after.providerStatuses[status]?.getTime(),
    )
  );
}

/** The call that had it `before` no longer has it: it is the queue's, or another caller resumed it. */
export function isTakenOver(before: Message, after: Message): boolean {
  return after.mode !== "waiting" || before.liftedConclusions?.length !== after.liftedConclusions?.length;
}

/** An attempt was begun and has no end yet. */
export function isInFlight(message: Message): boolean {
  return message.attempts.some(({ ended }) => !ended);
}
