// Apps
export { createHttpApp, createWebhookApp, type HttpAppOptions, type WebhookAppOptions } from "./http-app.ts";
export type { Access, AccessCheck, AccessDecision, AccessGrant, AccessRefusal, Scope } from "./requests/access.ts";
export type { Logger } from "./requests/logger.ts";
export type { RequestContext } from "./requests/request-context.ts";
export type { WebhookOptions } from "./webhooks/webhooks.ts";

// Servers
export { startHttpServer } from "./server/http-server.ts";
export type { HttpServer, HttpServerOptions } from "./server/serve-within.ts";
export { type FetchApp, type NodeHandler, type NodeHandlerOptions, toNodeHandler } from "./server/node-handler.ts";
