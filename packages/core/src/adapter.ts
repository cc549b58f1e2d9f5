/**
 * What an adapter of your own needs besides the main entry: the ports, what they exchange, and what stores read from a message.
 *
 * @module @message-sender/core/adapter
 */
export { answerOf, type NotDelivered } from "./domain/answer.ts";
export { asDecidedOn } from "./domain/earlier-evidence.ts";
export { type EarlierConclusion, earlierConclusions } from "./domain/explain/earlier-conclusions.ts";
export { explainConclusion, explainHold } from "./domain/explain/explanation.ts";
export type { FailureClass } from "./domain/failure.ts";
export {
  fieldRules,
  type Identifier,
  isIdentifier,
  isPhoneNumber,
  isRecipient,
  isUserId,
  isWamid,
} from "./content/identifiers.ts";
export type {
  AttemptEnd,
  Conclusion,
  ConclusionReason,
  EarlierEvidence,
  RateLimitCause,
  IdempotencyKey,
  MessageMode,
  MessageRequest,
  MessagesVia,
  Pricing,
  ProviderStatus,
  Report,
} from "./domain/message.ts";
export { parseCallbackData } from "./domain/callback-data.ts";
export { decidingCopy } from "./domain/copies.ts";
export { kindOf, type MessageKind, pricingOf } from "./domain/message-kind.ts";
export { eraseOutboxRow } from "./codecs/erased-entry.ts";
export { personPattern } from "./codecs/person-pattern.ts";
export { bytesOfWamid } from "./codecs/wamid-bytes.ts";
export { erased, eraseMessage, isErased } from "./domain/erased.ts";
export type { Erasure, Forgotten } from "./ports/store/erasure.ts";
export { holdUnfinished } from "./use-cases/maintenance/hold-unfinished.ts";
export { needsAttention, type MessageFilter, messageStatuses } from "./domain/message-filter.ts";
export { decodeStored, decodeEachStored } from "./codecs/decode-stored.ts";
export { decodeMessage, encodeMessage } from "./codecs/message.ts";
export { firstPosition, type ListPath, listPathOf } from "./codecs/list-path.ts";
export { collectPage, type FoundRows, type ScanRows, type PageOptions, type StoredRow } from "./codecs/message-page.ts";
export { delaysUntil, nextAttemptAt, orderAt, queueDueAt } from "./domain/next-step.ts";
export { canBeResumed } from "./domain/message-changes.ts";
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
export { describeAmbiguity } from "./domain/explain/describe-outcome.ts";
export type { SendPolicy } from "./domain/retry-policy.ts";
export { isFinished, holdsQuotaUnit, canRetryWithSameKey, mayHaveBeenSent } from "./domain/status.ts";
export {
  acceptedAttempt,
  deliveryTimesOf,
  failedAtOf,
  failureOfMessage,
  visibleFailureOf,
} from "./domain/visible-facts.ts";
export { throughputLevels } from "./domain/throughput.ts";
export { decodeStatusUpdate, encodeStatusUpdate } from "./codecs/status-update.ts";
export type { StatusUpdate } from "./domain/status-update.ts";
export { createSemaphore, type Semaphore } from "./lifecycle/semaphore.ts";
export { createSteadyTime, type SteadyTime } from "./time/steady-time.ts";
export type { Backlog, BacklogMeasure } from "./ports/store/backlog.ts";
export { type Clock, fromNow, toWallTime } from "./ports/clock.ts";
export {
  type Credential,
  type Credentials,
  type CredentialsError,
  isSameCredential,
  isThroughput,
  mostPerSecond,
  type Provider,
} from "./ports/credentials.ts";
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
  CountQuery,
  MessageCount,
  MessageCounts,
  MessageChange,
  MessageLookup,
  MessagePage,
  MessagePosition,
  MessageQuery,
  MessageStore,
  MessageUnknown,
} from "./ports/store/message-store.ts";
export type {
  ClaimedEntry,
  ClaimOptions,
  DeadQuery,
  DeliveredEntry,
  EnteredClaimed,
  MessageTopic,
  NewOutboxEntry,
  Outbox,
  OutboxEntries,
  OutboxSettlement,
  Topic,
  UndeliveredEntry,
} from "./ports/store/outbox.ts";
export { lateDeliveryMs } from "./ports/store/outbox.ts";
export type { Media, MediaError, MediaUpload, UploadedMedia } from "./ports/media.ts";
export type { Pauses } from "./ports/store/pauses.ts";
export type { PauseKind, PauseOwner, PauseTarget } from "./domain/pause.ts";
export { decodePause, encodePause } from "./codecs/pause.ts";
export { rateWindowMs } from "./pacing/rate/rate.ts";
export type { NumberRates, RateChange, RateNews, SlotAsk, SlotsBooked } from "./ports/number-rates.ts";
export type { NoSlot, Pacer, Permit, RateKey, RateLimited } from "./ports/pacer.ts";
export type {
  Quota,
  QuotaBlock,
  QuotaError,
  QuotaExceeded,
  QuotaRequest,
  QuotaStanding,
  TenantUnknown,
} from "./ports/quota.ts";
export type { LineRef, LineState, MessageQueue, QueueStateQuery } from "./ports/store/message-queue.ts";
export type { ProcessLease } from "./ports/store/process-lease.ts";
export type { Parked, ParkedStatuses } from "./ports/store/parked-statuses.ts";
export type { CounterRequest, QuotaCounters, UnitsCounted, UnitsTaken } from "./ports/store/quota-counters.ts";
export type { QuotaLedger, UnsettledBlock } from "./ports/store/quota-ledger.ts";
export type { ReadConfirmed, ReadReceipt, ReadReceipts, ReadReceiptOutcome } from "./ports/read-receipts.ts";
export type { Recipients } from "./ports/store/recipients.ts";
export type { Retention, RetentionLimits } from "./ports/store/retention.ts";
export type { Stamp, Store } from "./ports/store/store.ts";
export type { StatusCallbacks, StatusDelivery } from "./ports/status-callbacks.ts";
export type { StoreHealth } from "./ports/store/store-health.ts";
export type { StoreLoad } from "./ports/store/store-load.ts";
export { isRecorded, safeTelemetry } from "./lifecycle/safe-telemetry.ts";
export type { AttemptSummary, Telemetry, TelemetryEvent, UnrecognizedPart, WaitReason } from "./ports/telemetry.ts";
export type { AccountCredential, Templates } from "./ports/templates.ts";
export type { TemplateDefinition } from "./domain/templates/template-definition.ts";
export type { TracedStep, Tracing } from "./ports/tracing.ts";
export { byClock, inRealTime } from "./ports/timeline.ts";
export type { Submission, Submitted, Transport, LimitUsage } from "./ports/transport.ts";
export type { ReceivedWebhook, WebhookForwarding } from "./ports/webhook-forwarding.ts";
export { forwardBounds, listBounds } from "./codecs/webhook-bounds.ts";
export type {
  WebhookFilter,
  WebhookForwardQuery,
  WebhookInbox,
  WebhookPageQuery,
  WebhookPage,
  WebhookPosition,
  WebhooksEntered,
} from "./ports/store/webhook-inbox.ts";
export {
  decodeOutboxEntry,
  decodeWebhook,
  encodeWebhook,
  type OutboxRow,
  enteredClaimed,
  partsOfOutboxId,
  inOrderOfVersions,
  outboxPrefixOf,
  outboxRowOf,
  topics,
} from "./codecs/outbox-entry.ts";
export { eventIdOf } from "./domain/status-event.ts";
export { decodeStatusEvent, encodeStatusEvent } from "./codecs/status-event.ts";
export {
  isIdempotencyKey,
  isReference,
  longestMs,
  marketingRule,
  type MessageCommand,
} from "./use-cases/accept/send-command.ts";
export { mostReplayedAtOnce } from "./use-cases/history/replay-history.ts";
export { defaultPage, largestPage } from "./use-cases/list/page-size.ts";
export { assertSenderOptions } from "./use-cases/assert-sender-options.ts";
// The rest of what the sender's operations take and return. Whoever passes it on by name, such as an HTTP server, imports it here.
export type { ObservablePacer } from "./pacing/pacer.ts";
export type { NumberState, PacerLoad } from "./pacing/pacer-load.ts";
export type { PauseNotFound } from "./use-cases/pauses/change-pauses.ts";
export { explainPause } from "./domain/pause.ts";
export type { Paused } from "./use-cases/pauses/pause-check.ts";
export type { MessageNotFound } from "./use-cases/accept/find-message.ts";
export type { InvalidCommand } from "./use-cases/accept/field-checks.ts";
export type { TemplateRefused } from "./use-cases/templates/template-check.ts";
export type { OutcomeUnrecorded } from "./use-cases/attempt/commits.ts";
export { explainSlowdown } from "./use-cases/queue/wait-reason.ts";
export type { Enqueued } from "./use-cases/queue/enqueue-message.ts";
export type { QuotaLimit } from "./use-cases/quota/stored-quota.ts";
export type { WhatsAppRequestError } from "./use-cases/requests/request-error.ts";
export type { MediaUploaded } from "./use-cases/requests/upload-media.ts";
export type { UsageCount } from "./use-cases/usage/count-usage.ts";
export type { KeptWebhook, WebhooksForwarded } from "./use-cases/webhooks/kept-webhooks.ts";
export { webhookFactsOf } from "./use-cases/webhooks/webhook-facts.ts";
export type { ReceiveWebhookCommand, WebhookReceived } from "./use-cases/webhooks/receive-webhook.ts";
