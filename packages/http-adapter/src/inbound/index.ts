export { createHttpApp, type HttpAppOptions } from "./http-app.ts";
export { type HttpServer, type HttpServerOptions, startHttpServer } from "./http-server.ts";
export type { Logger } from "./logger.ts";
export type { WebhookOptions } from "./webhooks.ts";
export type { RequestContext } from "./request-context.ts";
