import type { Identifier, MessageId, OutletRef } from "../content/identifiers.ts";
import type { FailureClass } from "../domain/failure.ts";
import type { ConclusionReason, MessageMode, RateLimitCause } from "../domain/message.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Pause } from "../domain/pause.ts";
import type { MessageStatus } from "../domain/status.ts";

/** Receives events of the sender. Events contain ids, codes and times, never content, recipients or secrets. */
export interface Telemetry {
  /** Must not throw and must not block. */
  record(event: TelemetryEvent): void;
  /** Whether it does anything with events of a kind, now. The sender may leave out the others. Must not throw. Default: true. */
  records?(kind: TelemetryEvent["kind"]): boolean;
}

/** One attempt of a message. */
export interface AttemptSummary {
  readonly number: number;
  readonly outcome: Outcome["kind"] | "InFlight";
  readonly durationMs?: number;
  /** How long it waited for its permit; absent below one second. */
  readonly waitedMs?: number;
  /** What caused the failure that WhatsApp answered with. */
  readonly class?: FailureClass;
  readonly code?: number;
  readonly httpStatus?: number;
  /** For people: what happened, and what was decided. It is put into words when it is read: read it only where it is shown. */
  readonly reason: string;
}

/**
 * What a submission waits for: a free permit; the rate of its number; the end of a pause that WhatsApp asked for; the limit of its
 * recipient; the retry budget; or WhatsApp itself, while its circuit breaker is open.
 */
export type WaitReason = "permit" | "number" | "pause" | "pair" | "retry_budget" | "breaker";

/**
 * Parts of a webhook that could not be parsed, for one reason. They are stored, and forwarded as other webhooks are. A `body` that is
 * not JSON is only counted.
 */
export interface UnrecognizedPart {
  readonly part: "body" | "entry" | "changes" | "statuses" | "contacts" | "messages" | "calls" | "user_preferences";
  /** A short text, for example `unknown status: deleted`. */
  readonly reason: string;
  readonly count: number;
  /** The part is not stored. */
  readonly dropped?: true;
}

/** What can happen in a sender, its store or its HTTP API. All durations are in milliseconds, by monotonic time. */
export type TelemetryEvent =
  /** A call of `send` or `enqueue` was answered, also one that stored nothing. */
  | {
      readonly kind: "CallAnswered";
      readonly call: "send" | "enqueue";
      /** `done`; `replayed` if it is the answer of an earlier call under the same key; or the `kind` of the error. */
      readonly result: string;
      /** Of a `RateLimited` call that the pacer refused. */
      readonly cause?: RateLimitCause;
      readonly durationMs: number;
    }
  | { readonly kind: "MessageAccepted"; readonly messageId: MessageId; readonly outlet: OutletRef }
  /** A submission could not start at once. `granted`: it started after the wait; otherwise it was refused. */
  | {
      readonly kind: "PermitWaited";
      readonly phoneNumberId: string;
      /** What it waited for first. */
      readonly reason: WaitReason;
      /** 0 if it was refused at once. */
      readonly waitedMs: number;
      readonly granted: boolean;
    }
  | {
      readonly kind: "AttemptEnded";
      readonly messageId: MessageId;
      readonly attempt: AttemptSummary;
      /** When the next attempt begins, if one is planned. */
      readonly nextAttemptAt?: Date;
    }
  | {
      readonly kind: "MessageSent";
      readonly messageId: MessageId;
      readonly outlet: OutletRef;
      readonly conversationId: Identifier;
      readonly mode: MessageMode;
      readonly attempts: number;
      /** The attempts, if more than one was needed. */
      readonly retried?: readonly AttemptSummary[];
      readonly possibleDuplicate: boolean;
      /** From the accept until it became known that it was sent, by the wall clock; not negative. */
      readonly sinceAcceptedMs: number;
    }
  | {
      readonly kind: "MessageConcluded";
      readonly messageId: MessageId;
      readonly outlet: OutletRef;
      readonly conversationId: Identifier;
      readonly mode: MessageMode;
      /** `failed`: WhatsApp accepted the message, and a webhook reported its failure before the answer arrived. */
      readonly as: ConclusionReason | "failed";
      readonly status: MessageStatus;
      /** Whether it may have been sent: an attempt got no answer, or an error that sometimes follows a successful send. */
      readonly mayHaveBeenSent: boolean;
      readonly attempts: readonly AttemptSummary[];
      /** From the accept until it was concluded, by the wall clock; not negative. */
      readonly sinceAcceptedMs: number;
    }
  /** A status webhook changed the status of a message. */
  | {
      readonly kind: "StatusChanged";
      readonly messageId: MessageId;
      readonly from: MessageStatus;
      readonly to: MessageStatus;
    }
  /** WhatsApp gave one message several ids. The recipient may have received each of them. */
  | { readonly kind: "DuplicateDetected"; readonly messageId: MessageId; readonly wamids: readonly string[] }
  /** A status webhook reported for the first time that an attempt failed. */
  | {
      readonly kind: "FailureReported";
      readonly messageId: MessageId;
      readonly attempt: number;
      readonly wamid: string;
      /** The message's status after the report. */
      readonly status: MessageStatus;
      readonly code?: number;
      readonly title?: string;
    }
  | { readonly kind: "StatusesRecorded"; readonly applied: number; readonly parked: number; readonly unmatched: number }
  | ({ readonly kind: "WebhookPartUnrecognized" } & UnrecognizedPart)
  /** The oldest status updates of unknown messages were dropped to make room. */
  | { readonly kind: "ParkedStatusesForgotten"; readonly count: number }
  | { readonly kind: "OutcomeUnrecorded"; readonly messageId: MessageId; readonly reason: string }
  | { readonly kind: "HistoryStored"; readonly messageId: MessageId; readonly lagMs: number }
  | {
      readonly kind: "HistoryRetried";
      readonly messageId: MessageId;
      readonly retryAt: Date;
      readonly reason: string;
      readonly httpStatus?: number;
    }
  | {
      readonly kind: "HistoryDead";
      readonly messageId: MessageId;
      readonly reason: string;
      readonly httpStatus?: number;
    }
  | { readonly kind: "WebhookForwarded"; readonly webhookId: string; readonly lagMs: number }
  | { readonly kind: "WebhookRetried"; readonly webhookId: string; readonly retryAt: Date; readonly reason: string }
  | { readonly kind: "WebhookDead"; readonly webhookId: string; readonly reason: string }
  /** The list of an account's templates was read, with `count` of them that have a name and language of their own. */
  | { readonly kind: "TemplatesRead"; readonly tenantId: Identifier; readonly wabaId: string; readonly count: number }
  /** The list of an account's templates could not be read: until it is, its messages are sent without a check. At most once a minute. */
  | {
      readonly kind: "TemplatesUnavailable";
      readonly tenantId: Identifier;
      readonly wabaId: string;
      readonly reason: string;
    }
  /** A pause was read for the first time, or has replaced another of the same target. Each process records it for itself. */
  | { readonly kind: "PauseBegun"; readonly pause: Pause; readonly replaces: boolean }
  /** A pause has ended by itself, or was ended. Each process records it for itself. */
  | { readonly kind: "PauseEnded"; readonly pause: Pause }
  /** A block of quota was granted: `granted` units, of `requested`. */
  | {
      readonly kind: "QuotaReserved";
      readonly tenantId: Identifier;
      readonly blockId: string;
      readonly requested: number;
      readonly granted: number;
    }
  /** The quota was told how many units of a block are used. `before`: what this process had told it before; at first 0. */
  | {
      readonly kind: "QuotaSettled";
      readonly tenantId: Identifier;
      readonly blockId: string;
      readonly used: number;
      readonly before: number;
    }
  | {
      readonly kind: "CallbackDelivered";
      readonly messageId: MessageId;
      readonly version: number;
      readonly tenantId: Identifier;
      readonly lagMs: number;
    }
  | {
      readonly kind: "CallbackRetried";
      readonly messageId: MessageId;
      readonly version: number;
      readonly tenantId: Identifier;
      readonly retryAt: Date;
      readonly reason: string;
      readonly httpStatus?: number;
    }
  /** A status event was refused, or failed for three days. It can be replayed or discarded. */
  | {
      readonly kind: "CallbackDead";
      readonly messageId: MessageId;
      readonly version: number;
      readonly tenantId: Identifier;
      /** The receiver wants it never. Absent: it failed for three days. */
      readonly refused?: true;
      readonly reason: string;
      readonly httpStatus?: number;
    }
  | {
      readonly kind: "QuotaUnsettled";
      readonly tenantId: Identifier;
      readonly blockId: string;
      readonly reason: string;
    }
  /** A number's pace changed: it is throttled (sends at a lower rate), paused until a time, or normal again. */
  | {
      readonly kind: "PaceChanged";
      readonly phoneNumberId: string;
      readonly state: "normal" | "throttled" | "paused";
      readonly reason: string;
      readonly until?: Date;
    }
  /** The store ran `size` calls in one transaction; `failed` if none of them was applied. One that only reads has no event. */
  | { readonly kind: "StoreBatchEnded"; readonly size: number; readonly durationMs: number; readonly failed: boolean }
  /**
   * The HTTP API answered a request. `route`: the pattern of the path, such as `/api/v1/messages/:messageId`, and never the path;
   * `none` if no route matched.
   */
  | {
      readonly kind: "RequestAnswered";
      readonly method: string;
      readonly route: string;
      readonly status: number;
      readonly durationMs: number;
    }
  /** How overloaded a server is has changed: 0, not at all, to 4. From level 1 on it refuses requests, those that can wait first. */
  | {
      readonly kind: "OverloadChanged";
      readonly level: 0 | 1 | 2 | 3 | 4;
      /** How much longer than it should a turn of the event loop took. */
      readonly loopDelayMs: number;
      /** How long the oldest commit had been waiting. */
      readonly storeWaitMs: number;
    }
  /** The retention time of the message was over, but its history entry was not delivered, or its quota block not settled. */
  | { readonly kind: "MessageErased"; readonly messageId: MessageId; readonly outlet: OutletRef }
  | { readonly kind: "BackgroundFault"; readonly where: string; readonly reason: string };
