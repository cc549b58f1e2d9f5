import type { Clock, MessageSender } from "@message-sender/core";
import { createSystemClock } from "@message-sender/core/node";
import { Hono } from "hono";

import { mountMediaUpload } from "./media/media-upload.ts";
import { mountMessages } from "./messages/message-routes.ts";
import { unavailableTo } from "./problems/problem-details.ts";
import { notFound } from "./problems/problem.ts";
import { type Access, requireAccess } from "./requests/access.ts";
import { noApiKeys } from "./requests/api-keys.ts";
import { knownHost, oneHost } from "./requests/hosts.ts";
import { type Logger, silentLogger } from "./requests/logger.ts";
import { requestContext, type RequestContext } from "./requests/request-context.ts";
import { createFailureResponder, type RespondFailure } from "./requests/respond-failure.ts";
import { respondJson, respondProblem } from "./requests/respond.ts";
import { allowOnly, createRoutes } from "./requests/routes.ts";
import { mountWebhooks, type WebhookOptions, webhookPath } from "./webhooks/webhooks.ts";

export interface HttpAppOptions {
  readonly sender: MessageSender;
  /**
   * Decides what the caller of a request may do. `"open"`: every caller may do everything; only for an app that nobody else can
   * reach, or that is mounted behind access checks of your own. Webhooks prove themselves by their signature, and `/healthz`
   * and `/readyz` are open to everybody.
   */
  readonly access: Access;
  /** Default: the system's. */
  readonly clock?: Clock;
  /**
   * The hosts that requests may name, beside loopback ones, on any port. A request that names another is answered 403, and so
   * is one that changes something and comes from a web page of another host. Signed webhooks may name any host. Give it, if
   * only as `[]`, wherever the app does not authenticate its callers and web browsers run on the same machine or network.
   * Default: `"any"`, for an app that is mounted behind access checks of your own.
   */
  readonly allowedHosts?: "any" | readonly string[];
  /**
   * Whether a request with an API key is refused, or the key ignored. Default: ignored, for an app that is mounted behind
   * access checks of your own.
   */
  readonly apiKeys?: "refused" | "ignored";
  /** Takes WhatsApp's webhooks. Without it, `/webhooks/whatsapp` answers 404. */
  readonly webhooks?: WebhookOptions;
  /** One line a request, at `info`. Default: none. */
  readonly logger?: Logger;
}

/** The HTTP API as a Hono app, to be served on its own or mounted in another server. */
export function createHttpApp(options: HttpAppOptions): Hono<RequestContext> {
  const { sender, allowedHosts = "any", apiKeys = "ignored", webhooks, logger = silentLogger } = options;
  const { clock = createSystemClock() } = options;
  const access = requireAccess(options.access);
  const app = createApp(logger);
  const fail = createFailureResponder(clock, logger);

  if (webhooks) mountWebhooks(app, { sender, ...webhooks }, fail);
  else app.all(webhookPath, (c) => respondProblem(c, notFound));
  if (allowedHosts !== "any") app.use(knownHost(allowedHosts));
  if (apiKeys === "refused") app.use("/api/*", noApiKeys);

  const routes = createRoutes(app, access);
  mountMessages(routes, sender, fail);
  mountMediaUpload(routes, { sender, clock }, fail);
  mountHealth(app, sender, fail);
  return app;
}

export interface WebhookAppOptions extends WebhookOptions {
  readonly sender: MessageSender;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** One line a request, at `info`. Default: none. */
  readonly logger?: Logger;
}

/** `/webhooks/whatsapp` alone as a Hono app, for a server that offers no API: it only receives what WhatsApp reports. */
export function createWebhookApp(options: WebhookAppOptions): Hono<RequestContext> {
  const { clock = createSystemClock(), logger = silentLogger, ...webhooks } = options;
  const app = createApp(logger);
  mountWebhooks(app, webhooks, createFailureResponder(clock, logger));
  return app;
}

/** What every app does with every request, and with what no route takes. */
function createApp(logger: Logger): Hono<RequestContext> {
  const app = new Hono<RequestContext>();
  app.use(requestContext(logger), oneHost);
  app.notFound((c) => respondProblem(c, notFound));
  app.onError((error, c) => {
    logger.error({ request_id: c.get("requestId"), stack: error.stack }, "unexpected error");
    return respondProblem(c, { status: 500, detail: "Something unexpected happened." });
  });
  return app;
}

function mountHealth(app: Hono<RequestContext>, sender: MessageSender, fail: RespondFailure): void {
  app.get("/healthz", (c) => respondJson(c, { status: "ok" }));
  app.all("/healthz", allowOnly("GET"));
  app.get("/readyz", (c) =>
    sender.check().match(
      () => respondJson(c, { status: "ready" }),
      (error) => fail(c, error, unavailableTo.check),
    ),
  );
  app.all("/readyz", allowOnly("GET"));
}
