/**
 * The HTTP API and WhatsApp's webhooks, as Hono apps, and a server for them.
 *
 * @module @message-sender/http-adapter/inbound
 */
// Apps
export { createHttpApp, createWebhookApp, type HttpAppOptions, type WebhookAppOptions } from "./http-app.ts";
export type { BackupSource } from "./administration/backup-route.ts";
export type { MetricsSource } from "./metrics/metrics.ts";
export {
  type Access,
  type AccessCheck,
  type AccessDecision,
  type AccessGrant,
  type AccessRefusal,
  type Caller,
  everyone,
  type Scope,
  scopes,
} from "./access/access.ts";
export { type Admitted, admitRequest } from "./access/ask-access.ts";
export { loggedFilter } from "./fields/logged-filter.ts";
export type { Logger } from "./requests/logger.ts";
export { maskNumbers } from "../masked-numbers.ts";
export type { NumberFacts, NumberFactsError } from "../number-facts.ts";
export type { RequestContext } from "./requests/request-context.ts";
export type { WebhookOptions } from "./webhooks/webhook-decisions.ts";

// API keys
export type { KeyChanges } from "./api-keys/key-changes.ts";
export { type ApiKeys, type ApiKeysFileInvalid, type ApiKeysOptions, openApiKeys } from "./api-keys/open-api-keys.ts";

// Servers
export { startHttpServer } from "./server/http-server.ts";
export type { HttpServer, HttpServerOptions } from "./server/serve-within.ts";
export type { AppPart } from "./access/app-parts.ts";
export { restrictApp, type RestrictAppOptions } from "./server/restrict-app.ts";
export { type FetchApp, type NodeHandler, type NodeHandlerOptions, toNodeHandler } from "./server/node-handler.ts";
