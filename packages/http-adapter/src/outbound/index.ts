export { currentTraceparent, runWithTraceparent } from "../trace-context.ts";
export { createConversationServiceHistory } from "./conversation-service.ts";
export { type ErrorRulesInvalid, readErrorRules } from "./error-rules-file.ts";
export type { HttpAnswer } from "./exchange.ts";
export {
  describeGraphError,
  type GraphErrorOptions,
  type GraphErrorOverrides,
  interpretGraphError,
} from "./graph-error.ts";
export { graphErrorRanges, graphErrorRule, graphErrorRules, unknownErrorRule } from "./graph-error-codes.ts";
export type { GraphErrorRow, GraphErrorRows, GraphErrorRule, GraphErrorSource } from "./graph-error-rule.ts";
export { createGraphMedia, type GraphMedia } from "./graph-media.ts";
export type { GraphTransportOptions } from "./graph-client.ts";
export { createGraphTransport, type GraphTransport } from "./graph-transport.ts";
export { createHttpClient, type HttpClient, type HttpClientOptions, type HttpRequest } from "./http-client.ts";
export type { HttpFailure } from "./http-failure.ts";
export {
  createServiceClient,
  type ServiceAnswer,
  type ServiceCall,
  type ServiceClient,
  type ServiceClientOptions,
} from "./service-client.ts";
export { createTenantServiceCredentials, createTenantServiceQuota } from "./tenant-service.ts";
export type { TenantLimit } from "./tenants-document.ts";
export { openTenantsFile, type TenantsFile, type TenantsFileInvalid, type TenantsFileOptions } from "./tenants-file.ts";
export { createWebhookForwarding, type WebhookForwarder, type WebhookForwardingOptions } from "./webhook-forwarding.ts";
