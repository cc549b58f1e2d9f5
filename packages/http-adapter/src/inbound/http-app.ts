import type { MessageSender } from "@message-sender/core";
import { type Clock, safeTelemetry, type Telemetry } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { Hono } from "hono";

import { type BackupSource, mountBackup } from "./administration/backup-route.ts";
import { mountErase } from "./administration/erase-route.ts";
import { mountBatch } from "./batch/batch.ts";
import { mountChanges } from "./changes/changes.ts";
import { mountDocs } from "./docs/docs.ts";
import { mountHealth } from "./health/health.ts";
import { mountKeptWebhooks } from "./kept-webhooks/kept-webhooks.ts";
import { mountMediaUpload } from "./media/media-upload.ts";
import { mountMessages, mountSend } from "./messages/message-routes.ts";
import { largestBody } from "./messages/send-decisions.ts";
import { createSendListener } from "./messages/send-listener.ts";
import { type MetricsSource, mountMetrics } from "./metrics/metrics.ts";
import { mountReplayHistory } from "./messages/replay-history.ts";
import { mountReplayCallbacks } from "./messages/replay-routes.ts";
import { mountOpenApi } from "./openapi/openapi.ts";
import { mountPauses } from "./pauses/pauses.ts";
import { notFound, unexpectedError } from "./problems/problem.ts";
import { type Access, type AccessCheck, requireAccess } from "./access/access.ts";
import { onlyServedParts } from "./access/app-parts.ts";
import { mountQueue } from "./queue/queue.ts";
import { createClientAddress } from "./requests/client-address.ts";
import { noApiKeys } from "./access/no-api-keys.ts";
import { knownAmong, knownHost, oneHost, ownOrigin } from "./access/hosts.ts";
import { type Logger, safeLogger, silentLogger } from "./requests/logger.ts";
import { createDirectRequests } from "./requests/direct-request.ts";
import { plainRequests } from "./bodies/plain-request.ts";
import { requestContext, type RequestContext } from "./requests/request-context.ts";
import { createEndRequest } from "./requests/request-end.ts";
import { createFailureResponder } from "./requests/respond-failure.ts";
import { respondProblem } from "./requests/respond.ts";
import { createRoutes } from "./routes/routes.ts";
import { neverOverloaded, type Overload } from "./routes/shedding.ts";
import { setDirectAnswers } from "./requests/direct-answers.ts";
import { webhookPath } from "./webhooks/webhook-routes.ts";
import { mountUsage } from "./usage/usage.ts";
import { createWebhookReceiver, type WebhookOptions } from "./webhooks/webhook-decisions.ts";
import { createWebhookListener } from "./webhooks/webhook-listener.ts";
import { mountWebhooks } from "./webhooks/webhooks.ts";

/** The options of `createHttpApp`. */
export interface HttpAppOptions {
  readonly sender: MessageSender;
  /**
   * Decides what the caller of a request may do. `"open"` lets every caller do everything: use it only if nobody else can reach
   * the app, or behind an access check of your own. Webhooks are authenticated by their signature. `/healthz` and `/readyz` are
   * always open.
   */
  readonly access: Access;
  /** Default: the system clock. */
  readonly clock?: Clock;
  /**
   * The host names that are allowed in addition to loopback names, on any port. A request with another Host gets 403, and so does
   * a request with side effects whose Origin is foreign. Webhooks are exempt. Set it, at least to `[]`, if the app does not
   * authenticate its callers and web browsers can reach it. Default: `"any"`.
   */
  readonly allowedHosts?: "any" | readonly string[];
  /**
   * Whether a request with side effects is refused if its Origin is neither a loopback name nor the host that it was sent to.
   * Default: `"refused"` if `allowedHosts` lists hosts, whose pages are allowed then, otherwise `"allowed"`.
   */
  readonly foreignOrigins?: "refused" | "allowed";
  /** Whether a request with an API key is refused, or the key ignored. Default: `"ignored"`. */
  readonly apiKeys?: "refused" | "ignored";
  /** Receives WhatsApp's webhooks. Without it, `/webhooks/whatsapp` answers 404. */
  readonly webhooks?: WebhookOptions;
  /** Gets one line per request at `info`, and errors. Default: nothing is logged. */
  readonly logger?: Logger;
  /** Receives `RequestAnswered` for each request. */
  readonly telemetry?: Telemetry;
  /** What `GET /metrics` answers to a caller with the scope `metrics`. Default: that path answers 404. */
  readonly metrics?: MetricsSource;
  /** Begins a backup of the store for `POST /api/v1/admin/backup`. Without it, that path answers `conflict`. */
  readonly backup?: BackupSource;
  /**
   * The addresses and CIDR ranges of the proxies in front of the app. What they say about a client in X-Forwarded-For is logged as
   * its address. Default: none, so that the address is the peer's.
   */
  readonly trustedProxies?: readonly string[];
  /**
   * How overloaded the server is: from level 1 on batches and queued messages are refused with 503, from 2 sends, from 3 reads, from 4
   * webhooks. Health checks, metrics and what operators do are always served. Default: never.
   */
  readonly overload?: Overload;
}

/**
 * The HTTP API as a Hono app, to serve on its own with `startHttpServer` or to mount in a server of your own.
 *
 * @example
 * ```ts
 * const app = createHttpApp({ sender, access });
 * const server = await startHttpServer({ app, host: "127.0.0.1", port: 3000 });
 * ```
 */
export function createHttpApp(options: HttpAppOptions): Hono<RequestContext> {
  const { sender, allowedHosts = "any", foreignOrigins, apiKeys = "ignored", webhooks } = options;
  const { clock = createSystemClock(), overload = neverOverloaded } = options;
  const access = requireAccess(options.access);
  const { app, requests } = createApp(options, clock);
  const fail = createFailureResponder(clock);
  const receiver = webhooks && createWebhookReceiver(sender, webhooks);

  app.use(onlyServedParts);
  const routes = createRoutes(app, access, overload);
  if (webhooks && receiver) mountWebhooks(routes, { receiver, ...webhooks }, fail);
  else app.all(webhookPath, (c) => respondProblem(c, notFound));
  if (allowedHosts !== "any") app.use(knownHost(allowedHosts));
  else if (foreignOrigins === "refused") app.use(ownOrigin);
  if (apiKeys === "refused") app.use("/api/*", noApiKeys);

  mountSend(routes, { sender, overload }, fail);
  // Before the routes of one message: `batch` and `cancel` are none.
  mountBatch(routes, { sender, clock }, fail);
  mountChanges(routes, { sender, clock }, fail);
  mountMessages(routes, sender, fail);
  mountQueue(routes, sender, fail);
  mountPauses(routes, sender, fail);
  mountReplayHistory(routes, sender, fail);
  mountReplayCallbacks(routes, sender, fail);
  mountMediaUpload(routes, { sender, clock }, fail);
  mountUsage(routes, sender, fail);
  mountKeptWebhooks(routes, sender, fail);
  mountErase(routes, sender, fail);
  mountBackup(routes, options.backup, fail);
  mountHealth(routes, sender, fail);
  if (options.metrics) mountMetrics(routes, options.metrics);
  mountOpenApi(routes, access === "open");
  mountDocs(routes);

  const isKnownHost = allowedHosts === "any" ? () => true : knownAmong(allowedHosts);
  const isPlain = plainRequests(isKnownHost, { apiKeys, largestBody });
  const sends = createSendListener({ sender, access, overload, requests, isPlain });
  const received = receiver && createWebhookListener(receiver, { overload, requests, isPlain: plainWebhooks() });
  setDirectAnswers(app, ...[sends, received].filter((answers) => answers !== undefined));
  return app;
}

/** The options of `createWebhookApp`. */
export interface WebhookAppOptions extends WebhookOptions {
  readonly sender: MessageSender;
  /** Default: the system clock. */
  readonly clock?: Clock;
  /** Gets one line per request at `info`, and errors. Default: nothing is logged. */
  readonly logger?: Logger;
}

/**
 * Only `/webhooks/whatsapp`, as a Hono app, for a server that offers no API.
 *
 * @example
 * ```ts
 * const app = createWebhookApp({ sender, appSecrets: [new Secret(appSecret)], verifyToken: new Secret(verifyToken) });
 * ```
 */
export function createWebhookApp(options: WebhookAppOptions): Hono<RequestContext> {
  const { clock = createSystemClock(), sender, logger, ...webhooks } = options;
  const { app, requests } = createApp({ logger }, clock);
  const receiver = createWebhookReceiver(sender, webhooks);
  const routes = createRoutes(app, noAccess, neverOverloaded);
  mountWebhooks(routes, { receiver, ...webhooks }, createFailureResponder(clock));
  const parts = { overload: neverOverloaded, requests, isPlain: plainWebhooks() };
  setDirectAnswers(app, createWebhookListener(receiver, parts));
  return app;
}

/** The rules of an app for hosts, origins and API keys are not for webhooks. */
const plainWebhooks = () => plainRequests(() => true, { apiKeys: "ignored", largestBody });

const noAccess: AccessCheck = () => ({ refused: "forbidden" });

type AppOptions = { readonly logger?: Logger | undefined } & Pick<HttpAppOptions, "telemetry" | "trustedProxies">;

/** What all apps share: request id and log, unknown paths, unexpected errors. */
function createApp({ logger: given = silentLogger, telemetry, trustedProxies }: AppOptions, clock: Clock) {
  const app = new Hono<RequestContext>();
  const logger = safeLogger(given);
  const clientAddress = createClientAddress(trustedProxies);
  const endRequest = createEndRequest(logger, telemetry && safeTelemetry(telemetry));
  app.use(requestContext({ logger, clientAddress, endRequest }), oneHost);
  app.notFound((c) => respondProblem(c, notFound));
  app.onError((error, c) => {
    logger.error({ request_id: c.get("requestId"), stack: error.stack }, "unexpected error");
    return respondProblem(c, unexpectedError);
  });
  return { app, requests: createDirectRequests({ endRequest, clientAddress, clock, logger }) };
}
