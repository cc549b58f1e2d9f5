export { currentTraceparent, runWithTraceparent } from "../trace-context.ts";
export { createConversationServiceHistory } from "./services/conversation-service.ts";
export { type ErrorRulesInvalid, readErrorRules } from "./graph/error-rules-file.ts";
export type { HttpAnswer } from "./http/exchange.ts";
export {
  describeGraphError,
  type GraphErrorOptions,
  type GraphErrorOverrides,
  interpretGraphError,
} from "./graph/graph-error.ts";
export {
  graphErrorRanges,
  graphErrorRule,
  graphErrorRules,
  unknownErrorRule,
} from "./graph/error-codes/error-table.ts";
export type {
  GraphErrorRow,
  GraphErrorRows,
  GraphErrorRule,
  GraphErrorSource,
} from "./graph/error-codes/error-rule.ts";
export { createGraphMedia, type GraphMedia } from "./graph/graph-media.ts";
export type { GraphTransportOptions } from "./graph/graph-client.ts";
export { createGraphTransport, type GraphTransport } from "./graph/graph-transport.ts";
export { createHttpClient, type HttpClient, type HttpClientOptions, type HttpRequest } from "./http/http-client.ts";
export type { HttpFailure } from "./http/http-failure.ts";
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
export { createTenantServiceCredentials, createTenantServiceQuota } from "./services/tenant-service.ts";
export type { TenantLimit } from "./services/tenants-document.ts";
export {
  openTenantsFile,
  type TenantsFile,
  type TenantsFileInvalid,
  type TenantsFileOptions,
} from "./services/tenants-file.ts";
export {
  createWebhookForwarding,
  type WebhookForwarder,
  type WebhookForwardingOptions,
} from "./services/webhook-forwarding.ts";
