import type { Identifier, MessageId, OutletRef } from "../content/identifiers.ts";
import type { ConclusionReason } from "../domain/message.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { MessageStatus } from "../domain/status.ts";

/** Receives events of the sender. Events contain ids, codes and times, never content, recipients or secrets. */
export interface Telemetry {
  /** Must not throw and must not block. */
  record(event: TelemetryEvent): void;
}

/** One attempt of a message. */
export interface AttemptSummary {
  readonly number: number;
  readonly outcome: Outcome["kind"] | "InFlight";
  readonly durationMs?: number;
  /** How long it waited for its permit; absent below one second. */
  readonly waitedMs?: number;
  readonly code?: number;
  readonly httpStatus?: number;
  readonly reason: string;
}

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

/** What can happen in a sender. */
export type TelemetryEvent =
  | { readonly kind: "MessageAccepted"; readonly messageId: MessageId; readonly outlet: OutletRef }
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
      readonly attempts: number;
      readonly possibleDuplicate: boolean;
    }
  | {
      readonly kind: "MessageConcluded";
      readonly messageId: MessageId;
      /** `failed`: WhatsApp accepted the message, and a webhook reported its failure before the answer arrived. */
      readonly as: ConclusionReason | "failed";
      readonly status: MessageStatus;
      /** Whether it may have been sent: an attempt got no answer, or an error that sometimes follows a successful send. */
      readonly mayHaveBeenSent: boolean;
      readonly attempts: readonly AttemptSummary[];
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
  | { readonly kind: "BackgroundFault"; readonly where: string; readonly reason: string };
