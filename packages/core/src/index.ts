// The builders, so that a first send needs one import. Types such as Text, Image and Document would shadow DOM globals:
// they are exported from `/content` only.
export {
  audio,
  authenticationTemplate,
  buttons,
  carousel,
  catalog,
  contacts,
  ctaUrl,
  document,
  flow,
  image,
  list,
  location,
  locationRequest,
  product,
  productList,
  reaction,
  removeReaction,
  sticker,
  template,
  text,
  textParameters,
  video,
  voice,
} from "./content/index.ts";
export { answerOf, type NotDelivered } from "./domain/answer.ts";
export { canonicalJson } from "./use-cases/accept/canonical-json.ts";
export { type EarlierConclusion, earlierConclusions } from "./domain/explain/earlier-conclusions.ts";
export { type Explanation, explain, explainConclusion } from "./domain/explain/explanation.ts";
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
} from "./content/identifiers.ts";
export type {
  Attempt,
  AttemptEnd,
  Conclusion,
  ConclusionReason,
  RateLimitCause,
  IdempotencyKey,
  Message,
  MessageMode,
  MessageRequest,
  Pricing,
  ProviderStatus,
  Report,
} from "./domain/message.ts";
export { decidingCopy } from "./domain/copies.ts";
export { decoded, decodedEach } from "./codecs/decoded.ts";
export { decodeMessage, encodeMessage } from "./codecs/message.ts";
export { nextAttemptAt, queueDueAt } from "./domain/next-step.ts";
export {
  type Accepted,
  type Ambiguous,
  type CredentialRefused,
  httpStatusOf,
  type NotSent,
  type Outcome,
  type Refused,
  type Throttled,
  type ThrottleScope,
} from "./domain/outcome.ts";
export type { Recipient, RecipientFact, RecipientName } from "./domain/recipient.ts";
export { describeAmbiguity } from "./domain/explain/outcome-words.ts";
export type { OnAmbiguous, SendPolicy } from "./domain/retry-policy.ts";
export { Secret } from "./domain/secret.ts";
export {
  acceptedAttempt,
  arrivalOf,
  failedAtOf,
  failureOfMessage,
  isFinished,
  isPossibleDuplicate,
  keepsUnit,
  canRetryWithSameKey,
  mayHaveBeenSent,
  type MessageStatus,
  shownFailureOf,
  statusOf,
  wamidsOf,
} from "./domain/status.ts";
export { decodeStatusUpdate, encodeStatusUpdate } from "./codecs/status-update.ts";
export { type StatusUpdate } from "./domain/status-update.ts";
export { createPacer, type PacerOptions } from "./pacing/pacer.ts";
export { createSemaphore, type Semaphore } from "./lifecycle/semaphore.ts";
export { createSteadyTime, type SteadyTime } from "./time/steady-time.ts";
export { type Clock, fromNow, toWallTime } from "./ports/clock.ts";
export { type Credential, type Credentials, type CredentialsError, isSameCredential } from "./ports/credentials.ts";
export {
  type History,
  type HistoryEntry,
  type HistoryResult,
  historyResultKind,
  type NotStored,
} from "./ports/history.ts";
export type { Ids } from "./ports/ids.ts";
export type {
  AcceptResult,
  Commit,
  MessageChange,
  MessageLookup,
  MessageStore,
  MessageUnknown,
} from "./ports/message-store.ts";
export type { ClaimedEntry, ClaimOptions, Outbox, OutboxEntries, OutboxSettlement, Topic } from "./ports/outbox.ts";
export type { Media, MediaError, MediaUpload, UploadedMedia } from "./ports/media.ts";
export type { RateLimited, RateKey, ReportOutcome, Pacer } from "./ports/pacer.ts";
export type { Quota, QuotaBlock, QuotaError, QuotaExceeded, QuotaRequest, TenantUnknown } from "./ports/quota.ts";
export type { Parked, ParkedStatuses } from "./ports/parked-statuses.ts";
export type { CounterRequest, QuotaCounters, UnitsTaken } from "./ports/quota-counters.ts";
export type { QuotaLedger, UnsettledBlock } from "./ports/quota-ledger.ts";
export type { ReadConfirmed, ReadReceipt, ReadReceipts, ReadReceiptOutcome } from "./ports/read-receipts.ts";
export type { Recipients } from "./ports/recipients.ts";
export type { Unavailable } from "./ports/unavailable.ts";
export type { Retention, RetentionLimits } from "./ports/retention.ts";
export type { Stamp, Store } from "./ports/store.ts";
export type { StoreHealth } from "./ports/store-health.ts";
export type { AttemptSummary, Telemetry, TelemetryEvent, UnreadPart } from "./ports/telemetry.ts";
export { byClock, inRealTime } from "./ports/timeline.ts";
export type { Submission, Submitted, Transport, Usage } from "./ports/transport.ts";
export type { WebhookForwarding } from "./ports/webhook-forwarding.ts";
export type { ReceivedWebhook, WebhookInbox } from "./ports/webhook-inbox.ts";
export { encodeHistoryEntry } from "./codecs/history-entry.ts";
export { decodeOutboxEntry, decodeWebhook, encodeWebhook } from "./codecs/outbox-entry.ts";
export type { OutcomeUnrecorded } from "./use-cases/attempt/commits.ts";
export { type MessageSenderOptions } from "./use-cases/message-sender-options.ts";
export { createMessageSender, type MessageSender, type MessageSenderPorts } from "./use-cases/message-sender.ts";
export type { Enqueued, EnqueueMessageError } from "./use-cases/queue/enqueue-message.ts";
export type { MarkReadCommand, MarkReadError } from "./use-cases/requests/mark-read.ts";
export type { UploadMediaCommand } from "./use-cases/requests/upload-command.ts";
export type { MediaUploaded, UploadMediaError } from "./use-cases/requests/upload-media.ts";
export type { MessageNotFound } from "./use-cases/accept/find-message.ts";
export type { ReceiveWebhookCommand, WebhookReceived } from "./use-cases/webhooks/receive-webhook.ts";
export type { WhatsAppRequestError } from "./use-cases/requests/request-error.ts";
export type { ResolveMessageCommand, ResolveMessageError } from "./use-cases/queue/resolve-message.ts";
export {
  type EnqueueMessageCommand,
  type InvalidCommand,
  isIdempotencyKey,
  type MessageCommand,
  type SendMessageCommand,
} from "./use-cases/accept/send-command.ts";
export type { SendMessageError, Sent } from "./use-cases/send/send-message.ts";
export { createStoredQuota, type QuotaLimit, type StoredQuotaOptions } from "./use-cases/quota/stored-quota.ts";
