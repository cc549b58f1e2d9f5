import type { Identifier, MessageId, OutletRef } from "../content/identifiers.ts";
import type { ConclusionReason } from "../domain/message.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { MessageStatus } from "../domain/status.ts";

/** Is told what happens. It sees ids, codes and times, never content, recipients or secrets. */
export interface Telemetry {
  /** Must not throw and must not block. */
  record(event: TelemetryEvent): void;
}

/** One line of a message's ledger. */
export interface AttemptSummary {
  readonly number: number;
  readonly outcome: Outcome["kind"] | "InFlight";
  readonly durationMs?: number;
  /** How long it waited for its turn, where that was noticeable. */
  readonly waitedMs?: number;
  readonly code?: number;
  readonly httpStatus?: number;
  readonly reason: string;
}

/**
 * Parts of webhooks that were not understood, for one reason. They are kept, and handed on where others are; a `body` that is
 * no JSON is only counted.
 */
export interface UnrecognizedPart {
  readonly part: "body" | "entry" | "changes" | "statuses" | "contacts" | "messages" | "calls" | "user_preferences";
  /** A few words, such as `unknown status: deleted`. */
  readonly reason: string;
  readonly count: number;
  /** Nothing of it is kept. */
  readonly dropped?: true;
}

export type TelemetryEvent =
  | { readonly kind: "MessageAccepted"; readonly messageId: MessageId; readonly outlet: OutletRef }
  | {
      readonly kind: "AttemptEnded";
      readonly messageId: MessageId;
      readonly attempt: AttemptSummary;
      /** When the next attempt begins, if there is one. */
      readonly nextAttemptAt?: Date;
    }
  | {
      readonly kind: "MessageSent";
      readonly messageId: MessageId;
      readonly attempts: number;
      readonly possibleDuplicate: boolean;
    }
  | {
      readonly kind: "MessageConcluded";
      readonly messageId: MessageId;
      /** `failed`: WhatsApp took it and said that it failed before its own answer came. */
      readonly as: ConclusionReason | "failed";
      readonly status: MessageStatus;
      /** Nobody knows that it was not: an attempt had no answer, or an error that sometimes follows a send that went through. */
      readonly mayHaveBeenSent: boolean;
      readonly attempts: readonly AttemptSummary[];
    }
  /** WhatsApp gave one message several ids: the recipient may have it as often. */
  | { readonly kind: "DuplicateDetected"; readonly messageId: MessageId; readonly wamids: readonly string[] }
  /** A status webhook said for the first time that an attempt failed. */
  | {
      readonly kind: "FailureReported";
      readonly messageId: MessageId;
      readonly attempt: number;
      readonly wamid: string;
      /** The message's, now that this is known. */
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
  | {
      readonly kind: "QuotaUnsettled";
      readonly tenantId: Identifier;
      readonly blockId: string;
      readonly reason: string;
    }
  /** A number's pace changed: it is throttled (sends at a lower rate), paused until a time, or back to normal. */
  | {
      readonly kind: "PaceChanged";
      readonly phoneNumberId: string;
      readonly state: "normal" | "throttled" | "paused";
      readonly reason: string;
      readonly until?: Date;
    }
  | { readonly kind: "BackgroundFault"; readonly where: string; readonly reason: string };
