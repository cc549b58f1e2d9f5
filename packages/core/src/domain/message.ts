import type { Content } from "../content/content.ts";
import type { Failure } from "./failure.ts";
import type { Identifier, MessageId, OutletRef } from "../content/identifiers.ts";
import type { Outcome } from "./outcome.ts";
import type { SendPolicy } from "./retry-policy.ts";

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
export type RateLimitCause = "limit" | "outage";

export interface Conclusion {
  readonly as: ConclusionReason;
  readonly at: Date;
  /** When a repeat may find the throttle gone; with `throttled`. */
  readonly retryAt?: Date;
  /** What held it back; with `throttled`, where it was not WhatsApp's answer to its last attempt. */
  readonly heldBack?: { readonly because: RateLimitCause; readonly reason: string };
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
export type HistoryState = "sent" | "unknown" | "failed";

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
  readonly told?: HistoryState;
  readonly conclusion?: Conclusion;
  readonly liftedConclusions?: readonly LiftedConclusion[];
}
