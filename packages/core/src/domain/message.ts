import type { Content } from "../content/content.ts";
import type { Failure } from "./failure.ts";
import type { Identifier, MessageId, OutletRef } from "../content/identifiers.ts";
import type { Outcome } from "./outcome.ts";
import type { SendPolicy } from "./retry-policy.ts";

/** WhatsApp's API that sends a message: the Cloud API, or the Marketing Messages API, which takes templates alone. */
export type MessagesVia = "cloud" | "marketing";

export function isMessagesVia(value: unknown): value is MessagesVia {
  return value === "cloud" || value === "marketing";
}

/** What the caller asked for. It never changes. */
export interface MessageRequest {
  readonly outlet: OutletRef;
  readonly conversationId: Identifier;
  /** E.164 with its `+`, or a business-scoped user id. */
  readonly to: string;
  readonly content: Content;
  /** The id of the WhatsApp message that it quotes. */
  readonly replyTo?: string;
  /** Which API sends it, if the caller said it; otherwise the outlet's credential says it. */
  readonly via?: MessagesVia;
  /** The caller's own id for it. */
  readonly reference?: string;
  /** The W3C trace context of the caller's request. */
  readonly traceparent?: string;
}

/** One attempt to send a message. */
export interface Attempt {
  /** Counts from 1. */
  readonly number: number;
  readonly startedAt: Date;
  /** Absent if the attempt failed before the number was known. */
  readonly phoneNumberId?: string;
  /** Set if it is not known whether it was made. The store was restored, and the original may have made it after the backup. */
  readonly presumed?: true;
  /** Set if it went by the Marketing Messages API. */
  readonly via?: "marketing";
  /** The jitter of the wait after it, as a share of that wait. Drawn when the attempt began, so the next slot is a recorded fact. */
  readonly spread: number;
  /** How long it waited for its permit, in milliseconds. Absent below one second. */
  readonly waitedMs?: number;
  /** Absent while the attempt is in flight. */
  readonly ended?: AttemptEnd;
  /** What status webhooks reported, one report for each WhatsApp id, in the order of the ids. */
  readonly reports?: readonly Report[];
  /** What decisions were made on before more became known of it, in order. */
  readonly earlierEvidence?: readonly EarlierEvidence[];
}

/** What status webhooks reported about one WhatsApp id of an attempt. */
export interface Report {
  readonly wamid: string;
  /** The provider's earliest timestamp of each status. */
  readonly statuses: Readonly<Partial<Record<ProviderStatus, Date>>>;
  /** The failure that came with `failed`. */
  readonly failure?: Failure;
  /** The pricing that came with each status. */
  readonly pricing?: Readonly<Partial<Record<ProviderStatus, Pricing>>>;
}

/** When and how an attempt ended. */
export interface AttemptEnd {
  readonly at: Date;
  readonly durationMs: number;
  readonly outcome: Outcome;
}

/** What was known of an attempt when the next one began, or the message was concluded, until a late answer or a webhook said more. */
export interface EarlierEvidence {
  readonly ended: AttemptEnd;
  readonly reports?: readonly Report[];
  /** How many attempts had been made by the time more became known. The later ones were not decided on this. */
  readonly attempts: number;
  /** How many conclusions there had been by then, the withdrawn ones included. */
  readonly conclusions: number;
}

/** Why no further attempt is made. `held`: the ambiguity policy forbids it. `cut off`: the process of its caller ended. */
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

/** `limit`: a rate limit of WhatsApp's or ours. `outage`: WhatsApp is failing. */
export type RateLimitCause = "limit" | "outage";

/** What held a message back: a rate limit, an outage, or a pause of its tenant, outlet, number or template. */
export type HeldBackCause = RateLimitCause | "pause";

/** Why and when a message got its last attempt without success. */
export interface Conclusion {
  readonly as: ConclusionReason;
  readonly at: Date;
  /** With `held`: it is held because the store was restored from a backup, and not by the ambiguity policy. */
  readonly restored?: true;
  /** Who canceled or abandoned it, such as the id of an API key, if that was said. */
  readonly by?: string;
  /** With `throttled`: when a repeat may succeed. */
  readonly retryAt?: Date;
  /** With `throttled`: what held it back, unless it was WhatsApp's answer to the last attempt. */
  readonly heldBack?: { readonly because: HeldBackCause; readonly reason: string };
}

/** Who sends the message: the call that waits for it, or the queue. */
export type MessageMode = "waiting" | "queued";

/** A conclusion that was withdrawn. It stays on record and no longer counts. */
interface LiftedConclusion extends Conclusion {
  readonly liftedAt: Date;
}

/** An operator's request to send a message again. */
interface Resend {
  readonly at: Date;
  /** Who asked for it, such as the id of an API key, if that was said. */
  readonly by?: string;
  /** How many attempts had been made before. */
  readonly earlierAttempts: number;
}

/** A request to deliver to the conversation's history again. */
interface HistoryReplay {
  readonly at: Date;
  /** Who asked for it, such as the id of an API key, if that was said. */
  readonly by?: string;
  /** The version that was told anew. Absent if something was still to be delivered, and that was delivered instead. */
  readonly version?: number;
}

/** What the conversation's history says about a message. */
export type HistoryState = "sent" | "unknown" | "failed";

/** A status in a status webhook. */
export type ProviderStatus = "sent" | "delivered" | "read" | "played" | "failed";

/** What WhatsApp charges for a message, in its own words (Cloud API, "Webhooks: message status, pricing"). */
export interface Pricing {
  readonly billable?: boolean;
  readonly model?: string;
  readonly category?: string;
  readonly type?: string;
}

/** A caller's promise that a repeat under the same key means the same message. */
export interface IdempotencyKey {
  readonly key: string;
  /** A digest of the request. The same key with another digest is an error. */
  readonly fingerprint: string;
}

/**
 * Everything that is known about one message: one document with a revision. It only gains facts. Everything shown to callers is
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
  /** Each resend, which restarts the schedule. */
  readonly resends?: readonly Resend[];
  readonly acceptedAt: Date;
  /** The quota block that its unit was taken from. */
  readonly quotaBlockId: string;
  readonly idempotencyKey?: IdempotencyKey;
  readonly attempts: readonly Attempt[];
  /** Until when pacing, or a paused template, holds it back in the queue. */
  readonly heldUntil?: Date;
  /** What holds it back, unless it is pacing: its template, which WhatsApp's list says is paused; or a pause of its template. */
  readonly heldFor?: "template" | "pause";
  /** When it first became known that it was sent. */
  readonly sentAt?: Date;
  /** What the history says about it; absent until it is known to be sent. */
  readonly told?: HistoryState;
  readonly historyReplays?: readonly HistoryReplay[];
  readonly conclusion?: Conclusion;
  readonly liftedConclusions?: readonly LiftedConclusion[];
}

/** A value that is still being made. Nobody else has it yet. */
export type Draft<T> = { -readonly [Field in keyof T]: T[Field] };
