/**
 * Sends WhatsApp messages: `createMessageSender`, its commands, errors and options, and the builders of content.
 *
 * @module @message-sender/core
 */
// The builders are exported here too: a first send needs only one import. Types such as Text, Image and Document would shadow
// DOM globals: only `/content` exports them.
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
export { type Explanation, explain } from "./domain/explain/explanation.ts";
export type { Failure } from "./domain/failure.ts";
export type { MessageId, OutletRef } from "./content/identifiers.ts";
export type { Attempt, Message } from "./domain/message.ts";
export type { Pause } from "./domain/pause.ts";
export type { OnAmbiguous } from "./domain/retry-policy.ts";
export { Secret } from "./domain/secret.ts";
export type { StatusEvent } from "./domain/status-event.ts";
export { isPossibleDuplicate, type MessageStatus, statusOf, wamidsOf } from "./domain/status.ts";
export { createPacer, type PacerOptions } from "./pacing/pacer.ts";
export type { Unavailable } from "./ports/unavailable.ts";
export type { MessageSenderOptions } from "./use-cases/message-sender-options.ts";
export { createMessageSender } from "./use-cases/message-sender.ts";
export type { MessageSender } from "./use-cases/message-sender-operations.ts";
export type { MessageSenderPorts } from "./use-cases/message-sender-ports.ts";
export type { CancelManyQuery, ManyChanged, ResolveManyQuery } from "./use-cases/bulk/change-many.ts";
export type { CancelMessageCommand, CancelMessageError } from "./use-cases/queue/cancel-message.ts";
export type { EnqueueResult } from "./use-cases/queue/enqueue-many.ts";
export type { KnownOutlet } from "./use-cases/credentials/credential-cache.ts";
export type { TenantQuota } from "./use-cases/quota/tenant-quota.ts";
export type { QueuedOutlet, QueueState, QueueQuery } from "./use-cases/queue/queue-state.ts";
export type { EnqueueMessageError } from "./use-cases/queue/enqueue-message.ts";
export type { QueueFull } from "./use-cases/queue/queue-limit.ts";
export type { MarkReadCommand, MarkReadError } from "./use-cases/requests/mark-read.ts";
export type { UploadMediaCommand } from "./use-cases/requests/upload-command.ts";
export type { UploadMediaError } from "./use-cases/requests/upload-media.ts";
export type { Usage } from "./use-cases/usage/count-usage.ts";
export type { UsageQuery } from "./use-cases/usage/usage-query.ts";
export type { MessageList } from "./use-cases/list/list-messages.ts";
export type { ListMessagesQuery } from "./use-cases/list/list-query.ts";
export type { InvalidQuery } from "./use-cases/list/check-query.ts";
export type { KeptWebhooks, NoWebhookReceiver } from "./use-cases/webhooks/kept-webhooks.ts";
export type { ForwardWebhooksQuery, WebhooksQuery } from "./use-cases/webhooks/webhooks-query.ts";
export type { PausesQuery, ResumeCommand } from "./use-cases/pauses/change-pauses.ts";
export type { PauseCommand } from "./use-cases/pauses/pause-command.ts";
export type { MessageDeliveries } from "./use-cases/outbox/message-deliveries.ts";
export type {
  ReplayHistoryQuery,
  ReplayMessageHistoryCommand,
  ReplayMessageHistoryError,
} from "./use-cases/history/replay-history.ts";
export type { StatusListener } from "./use-cases/outbox/status-changes.ts";
export type { ResolveMessageCommand, ResolveMessageError } from "./use-cases/queue/resolve-message.ts";
export type {
  ErasePersonCommand,
  ErasePersonError,
  InvalidRecipient,
  PersonErased,
  PersonInUse,
} from "./use-cases/erasure/erase-person.ts";
export type { EnqueueMessageCommand, SendMessageCommand } from "./use-cases/accept/send-command.ts";
export type { NotResumed } from "./use-cases/send/resume-message.ts";
export type { SendMessageError, Sent } from "./use-cases/send/send-message.ts";
export { createStoredQuota, type StoredQuotaOptions } from "./use-cases/quota/stored-quota.ts";
