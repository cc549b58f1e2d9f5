/**
 * WhatsApp and the services around it, emulated on loopback.
 *
 * @module @message-sender/emulator
 */
export type { CallbackHandle } from "./callback-receiver/callback-handle.ts";
export type { CallbackEvent, CallbackRequest } from "./callback-receiver/callback-receiver.ts";
export type { ChatMessage, StatusChange } from "./chats/chat-message.ts";
export { ControlError } from "./client/call.ts";
export { connectSandbox } from "./client/connect-sandbox.ts";
export type { SandboxClient } from "./client/sandbox-client.ts";
export type {
  Customer,
  SentMatch,
  SettleOptions,
  TestClient,
  WaitOptions,
  WebhookMatch,
} from "./client/test-client.ts";
export { WaitTimeout } from "./client/wait-timeout.ts";
export type { SandboxClock } from "./control/clock.ts";
export type { ConversationHandle } from "./conversation-service/conversation-handle.ts";
export type { ConversationRequest } from "./conversation-service/conversation-service.ts";
export type { ConversationMessage } from "./conversation-service/conversations.ts";
export type { CoverageEntry, CoveredFeatures } from "./coverage/coverage-entry.ts";
export { coverage } from "./coverage/coverage.ts";
export type { CustomerContent, CustomerContext, CustomerFile, CustomerMessage } from "./customers/customer-schema.ts";
export type { CustomerAct } from "./customers/customers.ts";
export type { FaultMatch } from "./faults/fault-match.ts";
export type { Fault, FaultEffect, FaultHandle, FaultTarget, FaultTrigger } from "./faults/fault.ts";
export type { Faults } from "./faults/faults.ts";
export type { GraphRequest } from "./graph/access/graph-access.ts";
export type { GraphHandle } from "./graph/graph-handle.ts";
export type { GraphMessage } from "./graph/graph-message.ts";
export type { StrictChecks } from "./graph/graph-state.ts";
export type { WhatsAppLimits } from "./graph/limits/limits.ts";
export type { GraphMedia } from "./graph/media/media-store.ts";
export type { MessageStatusRule } from "./graph/message-statuses.ts";
export type { GraphReceipt } from "./graph/receipts.ts";
export type { NumberSeed } from "./graph/numbers/number-facts.ts";
export type { TemplateVerdict } from "./graph/templates/template-review.ts";
export type { TemplateButtonSeed, TemplateSeed, TemplateStatus } from "./graph/templates/template-seed.ts";
export type { TokenSeed } from "./graph/access/tokens.ts";
export type { UsageSeed } from "./graph/usage.ts";
export type { WaIdOption } from "./graph/people/wa-id.ts";
export type { TlsOptions } from "./http/listener.ts";
export type { MswHandler } from "./http/msw-handlers.ts";
export type { RecordedRequest } from "./http/request-record.ts";
export type { ServiceHandle } from "./http/service-handle.ts";
export type { SandboxOptions } from "./sandbox/sandbox-options.ts";
export { type Sandbox, startSandbox } from "./sandbox/sandbox.ts";
export type { OutletCredentials } from "./tenant-service/outlet-credentials.ts";
export type { TenantHandle } from "./tenant-service/tenant-handle.ts";
export type { QuotaSeed, QuotaState } from "./tenant-service/tenant-quota.ts";
export type { TenantRequest } from "./tenant-service/tenant-service.ts";
export type { TenantCallbacks, TenantSeed } from "./tenant-service/tenants.ts";
export type { WebhookRecord, WebhookScope } from "./webhooks/delivery.ts";
export type { ErrorsChange, InboundMessage, MarketingPreference, RawChange } from "./webhooks/inbound-schema.ts";
export type { MadeWebhook } from "./webhooks/inbound.ts";
export type { WebhookError, WebhookPayload, WebhookStatus } from "./webhooks/webhook-payload.ts";
export { signWebhook } from "./webhooks/webhook-signature.ts";
export type { TargetScope, WebhookTarget } from "./webhooks/webhook-target.ts";
export type { WebhookOptions, WebhookSettings } from "./webhooks/webhook-options.ts";
export type { WebhookControl } from "./webhooks/webhooks.ts";
