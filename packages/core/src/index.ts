export {
  type Content,
  contentObject,
  type ContentObjects,
  type MessageType,
  plainContent,
  type Text,
} from "./domain/content.ts";
export { answerOf, type NotDelivered } from "./domain/answer.ts";
export { canonicalJson } from "./domain/canonical-json.ts";
export { type Explanation, explain } from "./domain/explanation.ts";
export type { Failure, FailureClass } from "./domain/failure.ts";
export {
  type Identifier,
  isIdentifier,
  isPhoneNumber,
  isRecipient,
  isUserId,
  isWamid,
  type MessageId,
  type OutletRef,
} from "./domain/identifiers.ts";
export type {
  Attempt,
  AttemptEnd,
  Conclusion,
  ConclusionReason,
  HoldCause,
  IdempotencyKey,
  Message,
  MessageMode,
  MessageRequest,
  Pricing,
  ProviderStatus,
} from "./domain/message.ts";
export { decodeMessage, encodeMessage } from "./domain/message-json.ts";
export { nextAttemptAt, queueDueAt } from "./domain/next-step.ts";
export type {
  Accepted,
  Ambiguous,
  CredentialRefused,
  NotSent,
  Outcome,
  Refused,
  Throttled,
  ThrottleScope,
} from "./domain/outcome.ts";
export type { OnAmbiguous, SendPolicy } from "./domain/retry-policy.ts";
export { Secret } from "./domain/secret.ts";
export {
  acceptedAttempt,
  failedAtOf,
  failureOfMessage,
  hasOpenAmbiguity,
  isFinished,
  isPossibleDuplicate,
  keepsUnit,
  type MessageStatus,
  statusOf,
  wamidsOf,
} from "./domain/status.ts";
export { decodeStatusUpdate, encodeStatusUpdate, type StatusUpdate } from "./domain/status-update.ts";
export { createPermits, type Permits } from "./permits.ts";
export type { Clock } from "./ports/clock.ts";
export { type Credential, type Credentials, type CredentialsError, isSameCredential } from "./ports/credentials.ts";
export type { History, HistoryEntry, HistoryResult } from "./ports/history.ts";
export type { Ids } from "./ports/ids.ts";
export type {
  Accepting,
  Commit,
  MessageChange,
  MessageLookup,
  MessageStore,
  MessageUnknown,
} from "./ports/message-store.ts";
export type { ClaimedEntry, ClaimOptions, Outbox, OutboxEntries, OutboxSettlement, Topic } from "./ports/outbox.ts";
export type { HeldBack, Lane, Learn, Pacer } from "./ports/pacer.ts";
export type { Quota, QuotaBlock, QuotaError, QuotaExceeded, QuotaRequest, TenantUnknown } from "./ports/quota.ts";
export type { ParkedStatuses } from "./ports/parked-statuses.ts";
export type { CounterRequest, QuotaCounters, Taken } from "./ports/quota-counters.ts";
export type { QuotaLedger, UnsettledBlock } from "./ports/quota-ledger.ts";
export type { R, Unavailable } from "./ports/result.ts";
export type { Retention, RetentionLimits } from "./ports/retention.ts";
export type { Store } from "./ports/store.ts";
export type { AttemptSummary, Telemetry, TelemetryEvent } from "./ports/telemetry.ts";
export type { Submission, Submitted, Transport, Usage } from "./ports/transport.ts";
export type { WebhookForwarding } from "./ports/webhook-forwarding.ts";
export type { ReceivedWebhook, WebhookInbox } from "./ports/webhook-inbox.ts";
export { encodeHistoryEntry } from "./use-cases/history-entry.ts";
export { decodeOutboxEntry, decodeWebhook, encodeWebhook } from "./use-cases/outbox-entry.ts";
export type { OutcomeUnrecorded } from "./use-cases/amend.ts";
export {
  createMessageSender,
  type MessageSender,
  type MessageSenderOptions,
  type MessageSenderPorts,
} from "./use-cases/message-sender.ts";
export type { Enqueued, EnqueueMessageError } from "./use-cases/enqueue-message.ts";
export type { MessageNotFound } from "./use-cases/find-message.ts";
export type { StatusesRecorded } from "./use-cases/record-statuses.ts";
export type { ResolveMessageCommand, ResolveMessageError } from "./use-cases/resolve-message.ts";
export {
  type EnqueueMessageCommand,
  type InvalidCommand,
  isIdempotencyKey,
  type MessageCommand,
  type SendMessageCommand,
} from "./use-cases/send-command.ts";
export type { SendMessageError, Sent } from "./use-cases/send-message.ts";
export { createStoredQuota, type QuotaLimit, type StoredQuotaOptions } from "./use-cases/stored-quota.ts";
export type { ContentProblem } from "./schemas/content.ts";
