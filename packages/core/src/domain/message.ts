import type { Content } from "./content.ts";
import type { Failure } from "./failure.ts";
import type { Identifier, MessageId, OutletRef } from "./identifiers.ts";
import type { Outcome } from "./outcome.ts";
import type { SendPolicy } from "./retry-policy.ts";
import { hasOpenAmbiguity, isFinished, isInFlight, isVisiblyDifferent, statusOf, wasSent } from "./status.ts";

/** What the caller asked for. Never changes. */
export interface MessageRequest {
  readonly outlet: OutletRef;
  readonly conversationId: Identifier;
  /** E.164 with its `+`, or a business-scoped user id. */
  readonly to: string;
  readonly content: Content;
  /** The id of the WhatsApp message that it quotes. */
  readonly replyTo?: string;
  /** The caller's own id for it. */
  readonly reference?: string;
  /** The W3C trace context that it came with. */
  readonly traceparent?: string;
}

export interface Attempt {
  /** Counts from 1. */
  readonly number: number;
  readonly startedAt: Date;
  /** Absent where it failed before the number was known. */
  readonly phoneNumberId?: string;
  /** The share by which the wait after it is lengthened, drawn when it began: the next slot is a fact, not a dice roll. */
  readonly spread: number;
  /** Absent while the attempt is in flight. */
  readonly ended?: AttemptEnd;
  /** The id that a status webhook named for it, where its answer did not. */
  readonly evidence?: string;
}

export interface AttemptEnd {
  readonly at: Date;
  readonly durationMs: number;
  readonly outcome: Outcome;
}

/** Why nothing more is tried. */
export type ConclusionReason =
  | "exhausted"
  | "refused"
  | "held"
  | "throttled"
  | "interrupted"
  | "cut off"
  | "expired"
  | "canceled"
  | "abandoned";

/** A limit of WhatsApp's or ours, or that WhatsApp does not work at present. */
export type HoldCause = "limit" | "outage";

export interface Conclusion {
  readonly as: ConclusionReason;
  readonly at: Date;
  /** When a repeat may find the throttle gone; with `throttled`. */
  readonly retryAt?: Date;
  /** What held it back; with `throttled`, where it was not WhatsApp's answer to its last attempt. */
  readonly heldBack?: { readonly because: HoldCause; readonly reason: string };
}

/** Who goes on with a message: the call that waits for it, or the queue. */
export type MessageMode = "waiting" | "queued";

/** A conclusion that was taken back, so that trying could go on. It stays in the record and no longer counts. */
interface LiftedConclusion extends Conclusion {
  readonly liftedAt: Date;
}

/** What a status webhook can say of a message. */
export type ProviderStatus = "sent" | "delivered" | "read" | "played" | "failed";

/** What WhatsApp charges for a message, in its own words (Cloud API, "Webhooks: message status, pricing"). */
export interface Pricing {
  readonly billable?: boolean;
  readonly model?: string;
  readonly category?: string;
  readonly type?: string;
}

/** A caller's promise that a repeat under the same key is the same message. */
export interface IdempotencyKey {
  readonly key: string;
  /** A digest of what was asked for: the same key with another one is a mistake. */
  readonly fingerprint: string;
}

/**
 * All that is known of one message: one document under a revision. It only gains facts, and everything shown is
 * computed from it.
 */
export interface Message {
  readonly id: MessageId;
  /** Counts the commits; a commit applies only to the revision that it was made from. */
  readonly revision: number;
  /** Counts the changes that a caller can see. */
  readonly version: number;
  readonly request: MessageRequest;
  readonly mode: MessageMode;
  readonly policy: SendPolicy;
  /** How many attempts were made before the present schedule began; absent where it is the first. */
  readonly earlierAttempts?: number;
  readonly acceptedAt: Date;
  /** The quota block that its unit was taken from. */
  readonly quotaBlockId: string;
  readonly idempotencyKey?: IdempotencyKey;
  readonly attempts: readonly Attempt[];
  /** Until when pacing holds it back in the queue. */
  readonly heldUntil?: Date;
  /** The provider's earliest timestamp of each status that a webhook reported. */
  readonly providerStatuses: Readonly<Partial<Record<ProviderStatus, Date>>>;
  readonly providerFailure?: Failure;
  /** What came with each status. */
  readonly providerPricing?: Readonly<Partial<Record<ProviderStatus, Pricing>>>;
  /** When it was first known to be sent. */
  readonly sentAt?: Date;
  readonly conclusion?: Conclusion;
  readonly liftedConclusions?: readonly LiftedConclusion[];
}

export type NewMessage = Pick<
  Message,
  "id" | "request" | "mode" | "policy" | "acceptedAt" | "quotaBlockId" | "idempotencyKey"
>;

export function newMessage(fields: NewMessage): Message {
  return { ...fields, revision: 1, version: 1, attempts: [], providerStatuses: {} };
}

/** Writes down the intent to make an attempt, before its first byte. */
export function beginAttempt(
  message: Message,
  attempt: Pick<Attempt, "startedAt" | "phoneNumberId" | "spread">,
): Message {
  return amended(message, { attempts: [...message.attempts, { number: message.attempts.length + 1, ...attempt }] });
}

/** Writes down an attempt that ended before its request was made, in one step. */
export function addEndedAttempt(
  message: Message,
  attempt: Omit<Attempt, "number" | "evidence"> & { readonly ended: AttemptEnd },
): Message {
  if (isFinished(message) || isInFlight(message)) return message;
  return amended(message, { attempts: [...message.attempts, { number: message.attempts.length + 1, ...attempt }] });
}

/**
 * Writes down what an attempt ended in. An end that is already known stays, but that there was no answer gives way to one:
 * a process that was taken for dead may still bring it. Where that leaves no ambiguity, a message that was cut off was not.
 */
export function endAttempt(message: Message, number: number, ended: AttemptEnd): Message {
  const known = message.attempts[number - 1];
  if (!known || (known.ended && !givesWay(known.ended.outcome, ended.outcome))) return message;
  const attempts = message.attempts.map((attempt) => (attempt.number === number ? { ...attempt, ended } : attempt));
  const after = { ...message, attempts };
  if (message.conclusion?.as !== "cut off" || hasOpenAmbiguity(after) || wasSent(after)) {
    return amended(message, { attempts }, ended.outcome.kind === "Accepted" ? ended.at : undefined);
  }
  const as = ended.outcome.kind === "Refused" && ended.outcome.final ? "refused" : "interrupted";
  const concluded = lifted(message, ended.at, { attempts, conclusion: { as, at: ended.at } });
  return as === "interrupted" ? freeKey(concluded) : concluded;
}

function givesWay(known: Outcome, next: Outcome): boolean {
  return known.kind === "Ambiguous" && next.kind !== "Ambiguous";
}

/** Leaves a queued message alone until then: what goes by other limits has its turn first. It expires no earlier for that. */
export function holdBack(message: Message, until: Date): Message {
  if (message.mode !== "queued" || isFinished(message) || isInFlight(message)) return message;
  const { expiresAt = until } = message.policy;
  return amended(message, { heldUntil: until < expiresAt ? until : expiresAt });
}

/** Ends the trying, of which nothing is in flight. The first conclusion stays. */
export function conclude(message: Message, conclusion: Conclusion): Message {
  return isFinished(message) || isInFlight(message) ? message : amended(message, { conclusion });
}

/**
 * Settles what the process that worked on a message left when it ended. An attempt in flight was not answered and is
 * ambiguous. The queue goes on with its own messages. A caller is gone with its process: with an ambiguity its message is
 * cut off, and otherwise nothing was sent.
 */
export function settleLeftBehind(message: Message, at: Date): Message {
  if (isFinished(message)) return message;
  const attempts = message.attempts.map((attempt) =>
    attempt.ended ? attempt : { ...attempt, ended: lost(attempt, at) },
  );
  if (message.mode === "queued") return isInFlight(message) ? amended(message, { attempts }) : message;
  const isAmbiguous = hasOpenAmbiguity({ ...message, attempts });
  const concluded = amended(message, { attempts, conclusion: { as: isAmbiguous ? "cut off" : "interrupted", at } });
  return isAmbiguous ? concluded : freeKey(concluded);
}

function lost(attempt: Attempt, at: Date): AttemptEnd {
  const outcome = { kind: "Ambiguous", sawSuccess: false, cause: "the process ended before it had an answer" } as const;
  return { at, durationMs: Math.max(0, at.getTime() - attempt.startedAt.getTime()), outcome };
}

/** Takes back that a message was cut off, for the caller who repeats its key. */
export function resume(message: Message, at: Date): Message {
  return message.conclusion?.as === "cut off" && hasOpenAmbiguity(message) ? lifted(message, at) : message;
}

/** Gives a message whose outcome is unknown to the queue, with its whole schedule anew. */
export function requeue(message: Message, at: Date, expiresAt: Date): Message {
  if (statusOf(message) !== "unknown") return message;
  const policy = { ...message.policy, expiresAt };
  return lifted(message, at, { mode: "queued", policy, earlierAttempts: message.attempts.length });
}

/** Gives up on a message whose outcome is unknown. */
export function abandon(message: Message, at: Date): Message {
  return statusOf(message) === "unknown" ? lifted(message, at, { conclusion: { as: "abandoned", at } }) : message;
}

function lifted(message: Message, liftedAt: Date, facts: Facts = {}): Message {
  const { conclusion, ...rest } = message;
  const earlier = message.liftedConclusions ?? [];
  const liftedConclusions = conclusion ? [...earlier, { ...conclusion, liftedAt }] : earlier;
  return amended(message, { liftedConclusions, ...facts }, undefined, rest);
}

/** Releases the idempotency key, so that the same key can be tried anew. */
export function freeKey(message: Message): Message {
  const { idempotencyKey: _, ...keyless } = message;
  return keyless;
}

/** One thing that a status webhook said of a message. */
export interface ProviderFact {
  readonly status: ProviderStatus;
  readonly at: Date;
  readonly failure?: Failure;
  readonly pricing?: Pricing;
  /** The attempt that it is about, and the id that WhatsApp gave that: evidence where the answer was lost. */
  readonly attempt?: { readonly number: number; readonly wamid: string };
}

/**
 * Writes down what status webhooks said. Of each status the earliest timestamp stays, and the failure and the pricing
 * that came with that; whatever is known already changes nothing.
 */
export function recordProviderFacts(message: Message, facts: readonly ProviderFact[]): Message {
  const providerStatuses = { ...message.providerStatuses };
  let { attempts, providerFailure, providerPricing } = message;
  for (const { status, at, failure, pricing, attempt } of facts) {
    const known = providerStatuses[status];
    if (!known || at < known) {
      providerStatuses[status] = at;
      providerFailure = failure ?? providerFailure;
      if (pricing) providerPricing = { ...providerPricing, [status]: pricing };
    }
    if (attempt) attempts = withEvidence(attempts, attempt.number, attempt.wamid);
  }
  const isNews =
    attempts !== message.attempts ||
    providerFailure !== message.providerFailure ||
    facts.some(({ status }) => providerStatuses[status] !== message.providerStatuses[status]);
  if (!isNews) return message;
  return amended(
    message,
    {
      attempts,
      providerStatuses,
      ...(providerFailure && { providerFailure }),
      ...(providerPricing && { providerPricing }),
    },
    earliest(Object.values(providerStatuses)),
  );
}

function earliest(times: readonly Date[]): Date | undefined {
  return times.reduce<Date | undefined>((first, time) => (first && first <= time ? first : time), undefined);
}

function withEvidence(attempts: readonly Attempt[], number: number, wamid: string): readonly Attempt[] {
  const attempt = attempts[number - 1];
  if (!attempt || attempt.evidence !== undefined || attempt.ended?.outcome.kind === "Accepted") return attempts;
  return attempts.with(number - 1, { ...attempt, evidence: wamid });
}

export function recordProviderStatus(message: Message, status: ProviderStatus, at: Date, failure?: Failure): Message {
  return recordProviderFacts(message, [{ status, at, ...(failure && { failure }) }]);
}

type Facts = Partial<Omit<Message, "id" | "revision" | "version" | "request" | "sentAt">>;

function amended(message: Message, facts: Facts, sentAt?: Date, kept: Message = message): Message {
  const next: Message = {
    ...kept,
    ...facts,
    ...(sentAt && !message.sentAt && { sentAt }),
    revision: message.revision + 1,
  };
  return isVisiblyDifferent(message, next) ? { ...next, version: message.version + 1 } : next;
}
