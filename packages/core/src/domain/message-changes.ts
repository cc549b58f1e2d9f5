import { amended, reopened } from "./amended.ts";
import { copiesOf, isProven } from "./copies.ts";
import type { Attempt, AttemptEnd, Conclusion, Message } from "./message.ts";
import type { Outcome } from "./outcome.ts";
import {
  hasOpenAmbiguity,
  hasTryingEnded,
  isInFlight,
  holdsQuotaUnit,
  lastOutcomeOf,
  canRetryWithSameKey,
  statusOf,
} from "./status.ts";

export type NewMessage = Pick<
  Message,
  "id" | "request" | "mode" | "policy" | "acceptedAt" | "quotaBlockId" | "idempotencyKey"
>;

export function newMessage(fields: NewMessage): Message {
  return { ...fields, revision: 1, version: 1, attempts: [] };
}

/** Writes down the intent to make an attempt, before its first byte. */
export function beginAttempt(
  message: Message,
  attempt: Pick<Attempt, "startedAt" | "phoneNumberId" | "spread" | "waitedMs">,
): Message {
  return amended(message, { attempts: [...message.attempts, { number: message.attempts.length + 1, ...attempt }] });
}

/** Writes down an attempt that ended before its request was made, in one step. */
export function addEndedAttempt(
  message: Message,
  attempt: Omit<Attempt, "number" | "reports"> & { readonly ended: AttemptEnd },
): Message {
  if (hasTryingEnded(message) || isInFlight(message)) return message;
  return amended(message, { attempts: [...message.attempts, { number: message.attempts.length + 1, ...attempt }] });
}

/**
 * Writes down what an attempt ended in. An end that is already known stays, but that there was no answer gives way to one:
 * a process that was taken for dead may still bring it. Where that leaves no ambiguity, a message that was cut off was not.
 */
export function endAttempt(message: Message, number: number, ended: AttemptEnd): Message {
  const known = message.attempts[number - 1];
  if (!known || (known.ended && !isSupersededBy(known.ended.outcome, ended.outcome))) return message;
  const attempts = message.attempts.map((attempt) => (attempt.number === number ? { ...attempt, ended } : attempt));
  return withAttempts(message, attempts, ended.at, ended.outcome.kind === "Accepted" ? ended.at : undefined);
}

/** A message that was cut off is concluded anew once none of its attempts is open or sent: as refused, or as interrupted. */
export function withAttempts(message: Message, attempts: readonly Attempt[], at: Date, sentAt?: Date): Message {
  const after = { ...message, attempts };
  const isSettled = !hasOpenAmbiguity(after) && !copiesOf(after).some(isProven);
  const next =
    message.conclusion?.as === "cut off" && isSettled
      ? reopened(message, at, { attempts, conclusion: { as: conclusionOnceSettled(after), at } })
      : amended(message, { attempts }, sentAt);
  return canRetryWithSameKey(next) ? releaseKey(next) : next;
}

function conclusionOnceSettled(message: Message): "refused" | "interrupted" {
  const outcome = lastOutcomeOf(message);
  return outcome?.kind === "Refused" && outcome.final ? "refused" : "interrupted";
}

function isSupersededBy(known: Outcome, next: Outcome): boolean {
  return known.kind === "Ambiguous" && next.kind !== "Ambiguous";
}

/** Leaves a queued message alone until then: what goes by other limits has its turn first. It expires no later for that. */
export function holdBack(message: Message, until: Date, expiresAt: Date = message.policy.expiresAt ?? until): Message {
  if (message.mode !== "queued" || hasTryingEnded(message) || isInFlight(message)) return message;
  return amended(message, { heldUntil: until < expiresAt ? until : expiresAt });
}

/** Ends the trying, of which nothing is in flight. The first conclusion stays. */
export function conclude(message: Message, conclusion: Conclusion): Message {
  return hasTryingEnded(message) || isInFlight(message) ? message : amended(message, { conclusion });
}

/**
 * Settles what the process that worked on a message left when it ended. An attempt in flight was not answered and is
 * ambiguous, also where a webhook has proved it meanwhile. The queue goes on with its own messages. A caller is gone with its
 * process: with an ambiguity its message is cut off, and otherwise nothing was sent.
 */
export function recoverOrphan(message: Message, at: Date): Message {
  const attempts = message.attempts.map((attempt) =>
    attempt.ended ? attempt : { ...attempt, ended: lost(attempt, at) },
  );
  const ended = isInFlight(message) ? amended(message, { attempts }) : message;
  if (message.mode === "queued" || hasTryingEnded(ended)) return ended;
  // A webhook may have said already what became of the attempt, as it may after this.
  const settledAs = isInFlight(message) ? conclusionOnceSettled(ended) : "interrupted";
  const as = hasOpenAmbiguity(ended) ? "cut off" : settledAs;
  const concluded = amended(message, { attempts, conclusion: { as, at } });
  return canRetryWithSameKey(concluded) ? releaseKey(concluded) : concluded;
}

function lost(attempt: Attempt, at: Date): AttemptEnd {
  const outcome = { kind: "Ambiguous", sawSuccess: false, cause: "the process ended before it had an answer" } as const;
  return { at, durationMs: Math.max(0, at.getTime() - attempt.startedAt.getTime()), outcome };
}

/** Whether a message was cut off and its outcome is still unknown: the caller who repeats its key resumes it. */
export function canBeResumed(message: Message): boolean {
  return message.conclusion?.as === "cut off" && statusOf(message) === "unknown";
}

/** Takes back that a message was cut off, for the caller who repeats its key. */
export function resume(message: Message, at: Date): Message {
  return canBeResumed(message) ? reopened(message, at) : message;
}

/**
 * Whether it can be sent again as the same message: its outcome is unknown, or it failed. Where its caller was told to repeat
 * the call, under the same key, it cannot.
 */
function canBeResent(message: Message): boolean {
  const status = statusOf(message);
  return status === "unknown" || (status === "failed" && !canRetryWithSameKey(message));
}

/** A message that is resent keeps its unit, or needs another where that went back. */
export function needsUnitToBeResent(message: Message): boolean {
  return canBeResent(message) && !holdsQuotaUnit(message);
}

/** Gives a message that can be resent to the queue, with its whole schedule anew. `quotaBlockId`: of the unit that it needs. */
export function requeue(message: Message, at: Date, expiresAt: Date, quotaBlockId = message.quotaBlockId): Message {
  if (!canBeResent(message)) return message;
  const { heldUntil: _, ...rest } = message;
  const resends = [...(message.resends ?? []), { at, earlierAttempts: message.attempts.length }];
  const policy = { ...message.policy, expiresAt };
  return reopened(rest, at, { mode: "queued", policy, resends, quotaBlockId });
}

/** Gives up on a message whose outcome is unknown. */
export function abandon(message: Message, at: Date): Message {
  return statusOf(message) === "unknown" ? reopened(message, at, { conclusion: { as: "abandoned", at } }) : message;
}

/** Releases the idempotency key, so that the same key can be tried anew. */
export function releaseKey(message: Message): Message {
  const { idempotencyKey: _, ...keyless } = message;
  return keyless;
}
