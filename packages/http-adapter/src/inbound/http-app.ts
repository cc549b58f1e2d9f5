import { type Clock, isIdentifier, type Message, type MessageSender } from "@message-sender/core";
import { type Context, Hono } from "hono";

import { noApiKeys } from "./requests/api-keys.ts";
import { knownHost, oneHost } from "./requests/hosts.ts";
import { readJson } from "./requests/json-body.ts";
import { type Logger, silentLogger } from "./requests/logger.ts";
import { mediaPath, mountMediaUpload } from "./media/media-upload.ts";
import { queuedJson, recordJson, sentJson, statusJson } from "./messages/message-json.ts";
import { notFound } from "./problems/problem.ts";
import { problemOf, type RequestFailure, unavailableTo } from "./problems/problem-details.ts";
import { parseReadRequest } from "./messages/read-request.ts";
import { createRequestBodies } from "./requests/request-bodies.ts";
import { requestContext, type RequestContext } from "./requests/request-context.ts";
import { parseResolveRequest } from "./messages/resolve-request.ts";
import { respondJson, respondProblem } from "./requests/respond.ts";
import { parseSendRequest } from "./messages/send-request.ts";
import { mountWebhooks, type WebhookOptions } from "./webhooks/webhooks.ts";

export interface HttpAppOptions {
  readonly sender: MessageSender;
  readonly clock: Clock;
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
  /** Takes WhatsApp's status webhooks. Without it, `/webhooks/whatsapp` answers 404. */
  readonly webhooks?: WebhookOptions;
  /** One line a request, at `info`. Default: none. */
  readonly logger?: Logger;
}

const largestBody = 64 * 1024;

/** The HTTP API as a Hono app, to be served on its own or mounted in another. */
export function createHttpApp({
  sender,
  clock,
  allowedHosts = "any",
  apiKeys = "ignored",
  webhooks,
  logger = silentLogger,
}: HttpAppOptions): Hono<RequestContext> {
  const app = new Hono<RequestContext>();
  const bodies = createRequestBodies();

  const fail = (c: Context<RequestContext>, error: RequestFailure, unavailable?: string): Response => {
    if (error.kind === "Unavailable")
      logger.warn({ request_id: c.get("requestId"), reason: error.reason }, "unavailable");
    if (error.kind === "RequestFailed" || error.kind === "RequestUnknown")
      logger.error(
        { request_id: c.get("requestId"), reason: error.reason },
        error.kind === "RequestUnknown"
          ? "it is not known whether WhatsApp did what it was asked to"
          : "WhatsApp did not do what it was asked to",
      );
    return respondProblem(c, problemOf(error, clock.now(), unavailable));
  };
  const allowOnly = (allow: string) => (c: Context<RequestContext>) =>
    respondProblem(c, { status: 405, detail: `Only ${allow} is allowed here.`, allow });

  app.use(requestContext(logger), oneHost);
  if (webhooks) mountWebhooks(app, { sender, ...webhooks }, fail);
  app.all("/webhooks/whatsapp", webhooks ? allowOnly("GET, POST") : (c) => respondProblem(c, notFound));
  if (allowedHosts !== "any") app.use(knownHost(allowedHosts));
  if (apiKeys === "refused") app.use("/api/*", noApiKeys);

  const respondQueued = (c: Context<RequestContext>, message: Message, replayed: boolean): Response => {
    c.set("messageId", message.id);
    const location = `/api/v1/messages/${message.id}/status`;
    return respondJson(c, queuedJson(message), { status: 202, headers: { location, ...replay(replayed) } });
  };

  app.post("/api/v1/messages/send", async (c) => {
    const command = await readJson(bodies, c, largestBody).andThen((body) =>
      parseSendRequest(body, {
        idempotencyKey: c.req.header("idempotency-key"),
        prefer: c.req.header("prefer"),
        traceparent: c.get("traceparent"),
      }),
    );
    if (command.isErr()) return respondProblem(c, command.error);
    const { waitMs } = command.value;
    if (waitMs !== undefined) c.set("waitSeconds", waitMs / 1000);
    return sender.send(command.value).match(
      ({ message, replayed }) => {
        c.set("messageId", message.id);
        return respondJson(c, sentJson(message), { headers: replay(replayed) });
      },
      (error) => (error.kind === "Queued" ? respondQueued(c, error.message, error.replayed) : fail(c, error)),
    );
  });
  app.all("/api/v1/messages/send", allowOnly("POST"));

  app.post("/api/v1/messages/read", async (c) => {
    const command = await readJson(bodies, c, largestBody).andThen(parseReadRequest);
    if (command.isErr()) return respondProblem(c, command.error);
    return sender.markRead(command.value).match(
      () => respondJson(c, { success: true }),
      (error) => fail(c, error),
    );
  });
  app.all("/api/v1/messages/read", allowOnly("POST"));

  mountMediaUpload(app, { sender, clock }, fail);
  app.all(mediaPath, allowOnly("POST"));

  const find = (c: Context<RequestContext>, messageId: string, json: typeof statusJson | typeof recordJson) =>
    isIdentifier(messageId)
      ? sender.find(messageId).match(
          (message) => respondJson(c, json(message)),
          (error) => fail(c, error, unavailableTo.show),
        )
      : respondProblem(c, notFound);
  app.get("/api/v1/messages/:messageId/status", (c) => find(c, c.req.param("messageId"), statusJson));
  app.all("/api/v1/messages/:messageId/status", allowOnly("GET"));
  app.get("/api/v1/messages/:messageId", (c) => find(c, c.req.param("messageId"), recordJson));
  app.all("/api/v1/messages/:messageId", allowOnly("GET"));

  app.post("/api/v1/messages/:messageId/resolve", async (c) => {
    const messageId = c.req.param("messageId");
    if (!isIdentifier(messageId)) return respondProblem(c, notFound);
    const action = await readJson(bodies, c, largestBody).andThen(parseResolveRequest);
    if (action.isErr()) return respondProblem(c, action.error);
    return sender.resolve({ messageId, action: action.value }).match(
      (message) => respondJson(c, recordJson(message)),
      (error) => fail(c, error, unavailableTo.resolve),
    );
  });
  app.all("/api/v1/messages/:messageId/resolve", allowOnly("POST"));

  app.post("/api/v1/admin/history/replay", (c) =>
    // A web page that somebody happens to look at must not be able to ask for it.
    c.req.header("origin") === undefined
      ? sender.replayHistory().match(
          (replayed) => respondJson(c, { replayed }),
          (error) => fail(c, error, unavailableTo.replay),
        )
      : respondProblem(c, { status: 403, type: "forbidden", detail: "This is not for web pages." }),
  );
  app.all("/api/v1/admin/history/replay", allowOnly("POST"));

  app.get("/healthz", (c) => respondJson(c, { status: "ok" }));
  app.all("/healthz", allowOnly("GET"));
  app.get("/readyz", (c) =>
    sender.check().match(
      () => respondJson(c, { status: "ready" }),
      (error) => fail(c, error, unavailableTo.check),
    ),
  );
  app.all("/readyz", allowOnly("GET"));

  app.notFound((c) => respondProblem(c, notFound));
  app.onError((error, c) => {
    logger.error({ request_id: c.get("requestId"), stack: error.stack }, "unexpected error");
    return respondProblem(c, { status: 500, detail: "Something unexpected happened." });
  });
  return app;
}

function replay(replayed: boolean): Record<string, string> {
  return replayed ? { "idempotency-replayed": "true" } : {};
}
