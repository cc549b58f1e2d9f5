import type { Content } from "../content/content.ts";
import type { Failure } from "./failure.ts";
import type { Identifier, MessageId, OutletRef } from "../content/identifiers.ts";
import type { Outcome } from "./outcome.ts";
import type { SendPolicy } from "./retry-policy.ts";
import { copiesOf, isProven } from "./copies.ts";
import {
  hasOpenAmbiguity,
  hasTryingEnded,
  isInFlight,
  isSent,
  isVisiblyDifferent,
  keepsUnit,
  lastOutcomeOf,
  mayBeTriedAnew,
  statusOf,
} from "./status.ts";

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
  /** How long it waited for its turn: pacing, or a place among the connections. Absent where nobody would notice. */
  readonly waitedMs?: number;
  /** Absent while the attempt is in flight. */
  readonly ended?: AttemptEnd;
  /** What status webhooks said of it, by the id that they named: one each, in the order of those. */
  readonly reports?: readonly Report[];
}

/** What status webhooks said of one id of an attempt. */
export interface Report {
  readonly wamid: string;
  /** The provider's earliest timestamp of each status. */
  readonly statuses: Readonly<Partial<Record<ProviderStatus, Date>>>;
  /** What came with `failed`. */
  readonly failure?: Failure;
  /** What came with each status. */
  readonly pricing?: Readonly<Partial<Record<ProviderStatus, Pricing>>>;
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

/** A message that was to be sent again, by an operator's decision. */
interface Resend {
  readonly at: Date;
  /** How many attempts were made before. */
  readonly earlierAttempts: number;
}

/** What the conversation's history says of a message. */
type Told = "sent" | "unknown" | "failed";

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
  /** Each time that it was given to the queue with its whole schedule anew. */
  readonly resends?: readonly Resend[];
  readonly acceptedAt: Date;
  /** The quota block that its unit was taken from. */
  readonly quotaBlockId: string;
  readonly idempotencyKey?: IdempotencyKey;
  readonly attempts: readonly Attempt[];
  /** Until when pacing holds it back in the queue. */
  readonly heldUntil?: Date;
  /** When it was first known to be sent. */
  readonly sentAt?: Date;
  /** What the history says of it; absent until it is known to be sent. */
  readonly told?: Told;
  readonly conclusion?: Conclusion;
  readonly liftedConclusions?: readonly LiftedConclusion[];
}

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
  if (!known || (known.ended && !givesWay(known.ended.outcome, ended.outcome))) return message;
  const attempts = message.attempts.map((attempt) => (attempt.number === number ? { ...attempt, ended } : attempt));
  return withAttempts(message, attempts, ended.at, ended.outcome.kind === "Accepted" ? ended.at : undefined);
}

/** A message that was cut off is concluded anew once none of its attempts is open or sent: as refused, or as interrupted. */
function withAttempts(message: Message, attempts: readonly Attempt[], at: Date, sentAt?: Date): Message {
  const after = { ...message, attempts };
  const isSettled = !hasOpenAmbiguity(after) && !copiesOf(after).some(isProven);
  const next =
    message.conclusion?.as === "cut off" && isSettled
      ? lifted(message, at, { attempts, conclusion: { as: whySettled(after), at } })
      : amended(message, { attempts }, sentAt);
  return mayBeTriedAnew(next) ? freeKey(next) : next;
}

function whySettled(message: Message): "refused" | "interrupted" {
  const outcome = lastOutcomeOf(message);
  return outcome?.kind === "Refused" && outcome.final ? "refused" : "interrupted";
}

function givesWay(known: Outcome, next: Outcome): boolean {
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
export function settleLeftBehind(message: Message, at: Date): Message {
  const attempts = message.attempts.map((attempt) =>
    attempt.ended ? attempt : { ...attempt, ended: lost(attempt, at) },
  );
  const ended = isInFlight(message) ? amended(message, { attempts }) : message;
  if (message.mode === "queued" || hasTryingEnded(ended)) return ended;
  // A webhook may have said already what became of the attempt, as it may after this.
  const settledAs = isInFlight(message) ? whySettled(ended) : "interrupted";
  const as = hasOpenAmbiguity(ended) ? "cut off" : settledAs;
  const concluded = amended(message, { attempts, conclusion: { as, at } });
  return mayBeTriedAnew(concluded) ? freeKey(concluded) : concluded;
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
  return canBeResumed(message) ? lifted(message, at) : message;
}

/**
 * Whether it can be sent again as the same message: its outcome is unknown, or it failed. Where its caller was told to repeat
 * the call, under the same key, it cannot.
 */
function canBeResent(message: Message): boolean {
  const status = statusOf(message);
  return status === "unknown" || (status === "failed" && !mayBeTriedAnew(message));
}

/** A message that is resent keeps its unit, or needs another where that went back. */
export function needsUnitToBeResent(message: Message): boolean {
  return canBeResent(message) && !keepsUnit(message);
}

/** Gives a message that can be resent to the queue, with its whole schedule anew. `quotaBlockId`: of the unit that it needs. */
export function requeue(message: Message, at: Date, expiresAt: Date, quotaBlockId = message.quotaBlockId): Message {
  if (!canBeResent(message)) return message;
  const { heldUntil: _, ...rest } = message;
  const resends = [...(message.resends ?? []), { at, earlierAttempts: message.attempts.length }];
  const policy = { ...message.policy, expiresAt };
  return lifted(rest, at, { mode: "queued", policy, resends, quotaBlockId });
}

/** Gives up on a message whose outcome is unknown. */
export function abandon(message: Message, at: Date): Message {
  return statusOf(message) === "unknown" ? lifted(message, at, { conclusion: { as: "abandoned", at } }) : message;
}

function lifted(message: Message, liftedAt: Date, facts: Facts = {}): Message {
  const { conclusion, ...rest } = message;
  const earlier = message.liftedConclusions ?? [];
  const liftedConclusions = conclusion ? [...earlier, { ...conclusion, liftedAt }] : earlier;
  const taken = liftedConclusions.length > 0 ? { liftedConclusions } : {};
  return amended(message, { ...taken, ...facts }, undefined, rest);
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
  readonly attempt: { readonly number: number; readonly wamid: string };
}

/**
 * Writes down what status webhooks said, each of the attempt that it is about. Of each status the earliest timestamp stays,
 * and the failure and the pricing that came with that; whatever is known already changes nothing.
 */
export function recordProviderFacts(message: Message, facts: readonly ProviderFact[]): Message {
  let { attempts } = message;
  for (const fact of facts) {
    const attempt = attempts[fact.attempt.number - 1];
    const reported = attempt && withFact(attempt, fact);
    if (reported && reported !== attempt) attempts = attempts.with(attempt.number - 1, reported);
  }
  const at = facts.at(-1)?.at;
  return at && attempts !== message.attempts ? withAttempts(message, attempts, at, firstProof(attempts)) : message;
}

function withFact(attempt: Attempt, { status, at, failure, pricing, attempt: { wamid } }: ProviderFact): Attempt {
  const { reports = [] } = attempt;
  const report: Report = reports.find((other) => other.wamid === wamid) ?? { wamid, statuses: {} };
  const known = report.statuses[status];
  if (known && known <= at) return attempt;
  const { failure: knownFailure, ...rest } = report;
  const said = status === "failed" ? failure : knownFailure;
  const next: Report = {
    ...rest,
    statuses: { ...report.statuses, [status]: at },
    ...(said && { failure: said }),
    ...(pricing && { pricing: { ...report.pricing, [status]: pricing } }),
  };
  const others = reports.filter((other) => other !== report);
  return { ...attempt, reports: [...others, next].toSorted((one, other) => (one.wamid < other.wamid ? -1 : 1)) };
}

/** The provider's first timestamp of an attempt that it took. */
function firstProof(attempts: readonly Attempt[]): Date | undefined {
  return copiesOf({ attempts })
    .filter(isProven)
    .flatMap(({ report }) => (report ? Object.entries(report.statuses) : []))
    .flatMap(([status, at]) => (status === "failed" ? [] : at))
    .reduce<Date | undefined>((first, at) => (first && first <= at ? first : at), undefined);
}

type Facts = Partial<Omit<Message, "id" | "revision" | "version" | "request" | "sentAt" | "told">>;

function amended(message: Message, facts: Facts, sentAt?: Date, kept: Message = message): Message {
  const changed: Message = {
    ...kept,
    ...facts,
    ...(sentAt && !message.sentAt && { sentAt }),
    revision: message.revision + 1,
  };
  const told = toldOf(changed);
  const next = told === changed.told || told === undefined ? changed : { ...changed, told };
  return isVisiblyDifferent(message, next) ? { ...next, version: message.version + 1 } : next;
}

/** What the history is to say: nothing until the message was sent; then its last word, until what became of it is settled. */
function toldOf(message: Message): Told | undefined {
  if (isSent(message)) return "sent";
  if (!message.told || !hasTryingEnded(message) || isInFlight(message)) return message.told;
  return statusOf(message) === "unknown" ? "unknown" : "failed";
}
