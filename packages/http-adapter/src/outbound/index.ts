/**
 * Clients for WhatsApp's Graph API, the Tenant Service and the Conversation Service.
 *
 * @module @message-sender/http-adapter/outbound
 */
// WhatsApp's Graph API
export type { GraphTransportOptions } from "./graph/graph-client.ts";
export type { ProxyOptions } from "./http/proxy.ts";
export { createGraphMedia, type GraphMedia } from "./graph/graph-media.ts";
export { createGraphNumberFacts, type GraphNumberFacts } from "./graph/graph-number-facts.ts";
export { createGraphTemplates, type GraphTemplates } from "./graph/graph-templates.ts";
export { createGraphThroughput, type GraphThroughput } from "./graph/graph-throughput.ts";
export { createGraphTransport, type GraphTransport } from "./graph/graph-transport.ts";

// Its error codes
export { graphErrorRanges, graphErrorRule, graphErrorRules } from "./graph/error-codes/error-table.ts";
export type {
  GraphErrorRow,
  GraphErrorRows,
  GraphErrorRule,
  GraphErrorSource,
} from "./graph/error-codes/error-rule.ts";
export { type ErrorRulesInvalid, readErrorRules } from "./graph/error-rules-file.ts";
export {
  describeGraphError,
  type GraphErrorOptions,
  type GraphErrorOverrides,
  interpretGraphError,
} from "./graph/graph-error.ts";

// The Tenant Service and the Conversation Service
export { createConversationServiceHistory } from "./services/conversation-service.ts";
export {
  createInlineTenants,
  type OutletDocument,
  type TenantsDocument,
  type TenantSource,
} from "./services/inline-tenants.ts";
export {
  createServiceClient,
  type ServiceAnswer,
  type ServiceCall,
  type ServiceClient,
  type ServiceClientOptions,
} from "./services/service-client.ts";
export { profileOf, type ProviderProfile } from "./graph/provider-profile.ts";
export { createTenantServiceCredentials, createTenantServiceQuota } from "./services/tenant-service.ts";

// Tenants from a file instead
export { type TenantLimit, tenantsJsonSchema } from "./services/tenants-document.ts";
export {
  openTenantsFile,
  type TenantsFile,
  type TenantsFileInvalid,
  type TenantsFileOptions,
} from "./services/tenants-file.ts";

// Webhooks for another system
export {
  createWebhookForwarding,
  type WebhookForwarder,
  type WebhookForwardingOptions,
} from "./services/webhook-forwarding.ts";

// Status callbacks
export type { CallbackReceiver, CallbackReceivers } from "./callbacks/callback-receiver.ts";
export { isPrivateHost, leadsToPrivateAddress } from "./callbacks/private-addresses.ts";
export {
  createStatusCallbacks,
  type HttpStatusCallbacks,
  type StatusCallbacksOptions,
} from "./callbacks/status-callbacks.ts";
export { createTenantServiceCallbacks } from "./services/tenant-service-callbacks.ts";

// What must not be shown
export { createKnownSecrets, type KnownSecrets } from "./redaction/known-secrets.ts";
export { maskNumbers } from "../masked-numbers.ts";
export type { NumberFacts, NumberFactsError } from "../number-facts.ts";

// Traces, and trace context for adapters of your own
export { flushSpans } from "../spans.ts";
export { createOpenTelemetryTracing } from "../tracing.ts";
export { runForMessages, traceFields, traceHeaders } from "../trace-context.ts";
