import { amended, reopened } from "./amended.ts";
import { isProven, someCopy } from "./copies.ts";
import { isErased } from "./erased.ts";
import type { Attempt, AttemptEnd, Conclusion, Message } from "./message.ts";
import { withoutHold } from "./next-step.ts";
import type { Outcome } from "./outcome.ts";
import { withEarlierEvidence } from "./earlier-evidence.ts";
import {
  hasOpenAmbiguity,
  hasTryingEnded,
  isInFlight,
  holdsQuotaUnit,
  lastOutcomeOf,
  canRetryWithSameKey,
  statusOf,
} from "./status.ts";

/** What a message starts with. */
export type NewMessage = Pick<
  Message,
  "id" | "request" | "mode" | "policy" | "acceptedAt" | "quotaBlockId" | "idempotencyKey"
>;

/** A new message at revision 1, without attempts. */
export function newMessage({
  id,
  request,
  mode,
  policy,
  acceptedAt,
  quotaBlockId,
  idempotencyKey,
}: NewMessage): Message {
  const message = { id, revision: 1, version: 1, request, mode, policy, acceptedAt, quotaBlockId, attempts: [] };
  return idempotencyKey ? { ...message, idempotencyKey } : message;
}

/** What an attempt starts with. */
export type NewAttempt = Pick<Attempt, "startedAt" | "phoneNumberId" | "via" | "spread" | "waitedMs">;

/** Records the intent to make an attempt, before its first byte is sent. */
export function beginAttempt(message: Message, attempt: NewAttempt): Message {
  return amended(message, { attempts: [...message.attempts, { number: message.attempts.length + 1, ...attempt }] });
}

/** Records an attempt that ended before it made its request. */
export function addEndedAttempt(
  message: Message,
  attempt: Omit<Attempt, "number" | "reports"> & { readonly ended: AttemptEnd },
): Message {
  if (hasTryingEnded(message) || isInFlight(message)) return message;
  return amended(message, { attempts: [...message.attempts, { number: message.attempts.length + 1, ...attempt }] });
}

/**
 * Records the outcome of an attempt. The first outcome stays, except that an answer replaces `Ambiguous`: a process that was
 * taken for dead may still deliver the answer. What was decided until then is still explained by `Ambiguous`. Once no outcome is
 * ambiguous, an orphaned message is concluded anew.
 */
export function endAttempt(message: Message, number: number, ended: AttemptEnd): Message {
  const known = message.attempts[number - 1];
  // An erased message takes no outcome: WhatsApp's id contains the recipient's number.
  if (!known || isErased(message) || (known.ended && !isSupersededBy(known.ended.outcome, ended.outcome)))
    return message;
  const attempts = message.attempts.map((attempt) => (attempt.number === number ? { ...attempt, ended } : attempt));
  return withAttempts(message, attempts, ended.at, ended.outcome.kind === "Accepted" ? ended.at : undefined);
}

/**
 * Replaces the attempts, and keeps what decisions were made on. An orphaned message is concluded anew once all of them are known not to
 * have been sent.
 */
export function withAttempts(message: Message, changed: readonly Attempt[], at: Date, sentAt?: Date): Message {
  const attempts = withEarlierEvidence(message, changed);
  const next =
    message.conclusion?.as === "cut off" && isKnownNotSent({ attempts })
      ? reopened(message, at, { attempts, conclusion: { as: conclusionOnceSettled({ attempts }), at } })
      : amended(message, { attempts }, sentAt);
  return canRetryWithSameKey(next) ? releaseKey(next) : next;
}

function isKnownNotSent(message: Pick<Message, "attempts">): boolean {
  return !hasOpenAmbiguity(message) && !someCopy(message, isProven);
}

function conclusionOnceSettled(message: Pick<Message, "attempts">): "refused" | "interrupted" {
  const outcome = lastOutcomeOf(message);
  return outcome?.kind === "Refused" && outcome.final ? "refused" : "interrupted";
}

function isSupersededBy(known: Outcome, next: Outcome): boolean {
  return known.kind === "Ambiguous" && next.kind !== "Ambiguous";
}

/** Holds a queued message back until a time. This does not extend its time to live. */
export function holdBack(
  message: Message,
  until: Date,
  expiresAt: Date = message.policy.expiresAt ?? until,
  heldFor?: Message["heldFor"],
): Message {
  if (message.mode !== "queued" || hasTryingEnded(message) || isInFlight(message)) return message;
  const heldUntil = until < expiresAt ? until : expiresAt;
  return amended(message, { heldUntil, ...(heldFor && { heldFor }) }, undefined, withoutHold(message));
}

/** Concludes a message that has no attempt in flight. The first conclusion stays. */
export function conclude(message: Message, conclusion: Conclusion): Message {
  return hasTryingEnded(message) || isInFlight(message) ? message : amended(message, { conclusion });
}

/** Withdraws a queued message that has no attempt in flight. */
export function cancel(message: Message, at: Date, by?: string): Message {
  return message.mode === "queued" ? conclude(message, { as: "canceled", at, ...named(by) }) : message;
}

/**
 * Recovers a message whose process has ended. An attempt in flight becomes `Ambiguous`, even if a webhook has proved it
 * meanwhile. The queue continues with its own messages. A message whose caller waited is concluded: as `cut off` if it may
 * have been sent, otherwise as interrupted or refused.
 */
export function recoverOrphan(message: Message, at: Date): Message {
  const attempts = message.attempts.map((attempt) =>
    attempt.ended ? attempt : { ...attempt, ended: lost(attempt, at) },
  );
  const ended = isInFlight(message) ? amended(message, { attempts }) : message;
  if (message.mode === "queued" || hasTryingEnded(ended)) return ended;
  // A webhook may already have reported on the attempt.
  const settledAs = isInFlight(message) ? conclusionOnceSettled(ended) : "interrupted";
  const as = hasOpenAmbiguity(ended) ? "cut off" : settledAs;
  const concluded = amended(message, { attempts, conclusion: { as, at } });
  return canRetryWithSameKey(concluded) ? releaseKey(concluded) : concluded;
}

function lost(attempt: Attempt, at: Date): AttemptEnd {
  const outcome = {
    kind: "Ambiguous",
    sawSuccess: false,
    cause: "its process ended, or was silent for too long, before it recorded an answer",
  } as const;
  return { at, durationMs: Math.max(0, at.getTime() - attempt.startedAt.getTime()), outcome };
}

/** Whether a message was orphaned and its outcome is still unknown: a caller who repeats its key resumes it. */
export function canBeResumed(message: Message): boolean {
  return !isErased(message) && message.conclusion?.as === "cut off" && statusOf(message) === "unknown";
}

/** Withdraws the conclusion of an orphaned message, for a caller who repeats its key. */
export function resume(message: Message, at: Date): Message {
  return canBeResumed(message) ? reopened(message, at) : message;
}

/**
 * Whether it can be sent again as the same message: its outcome is unknown, or it failed. It cannot if its caller was told to
 * repeat the call under the same key.
 */
function canBeResent(message: Message): boolean {
  if (isErased(message)) return false;
  const status = statusOf(message);
  return status === "unknown" || (status === "failed" && !canRetryWithSameKey(message));
}

/** Whether a resend needs a new unit of quota, because the message's own unit was returned. */
export function needsUnitToBeResent(message: Message): boolean {
  return canBeResent(message) && !holdsQuotaUnit(message);
}

/** Puts a message that can be resent into the queue and restarts its schedule. `quotaBlockId`: the block of its unit. */
export function requeue(
  message: Message,
  at: Date,
  expiresAt: Date,
  quotaBlockId = message.quotaBlockId,
  by?: string,
): Message {
  if (!canBeResent(message)) return message;
  const rest = withoutHold(message);
  const resends = [...(message.resends ?? []), { at, ...named(by), earlierAttempts: message.attempts.length }];
  const policy = { ...message.policy, expiresAt };
  return reopened(rest, at, { mode: "queued", policy, resends, quotaBlockId });
}

/** Concludes a message whose outcome is unknown as failed. */
export function abandon(message: Message, at: Date, by?: string): Message {
  if (statusOf(message) !== "unknown") return message;
  return reopened(message, at, { conclusion: { as: "abandoned", at, ...named(by) } });
}

/**
 * Records a request to deliver to the history again. `isAnew`: everything was delivered, so the history gets the present version once
 * more. Then a message that was never in the history, or whose person was erased, stays as it is.
 */
export function replayHistory(message: Message, at: Date, isAnew: boolean, by?: string): Message {
  if (isAnew && (message.told === undefined || isErased(message))) return message;
  const replay = { at, ...named(by), ...(isAnew && { version: message.version }) };
  return amended(message, { historyReplays: [...(message.historyReplays ?? []), replay] });
}

function named(by: string | undefined): { readonly by?: string } {
  return by === undefined ? {} : { by };
}

/** Releases the idempotency key for a new message. */
export function releaseKey(message: Message): Message {
  const { idempotencyKey: _, ...keyless } = message;
  return keyless;
}
