import type { Clock, MessageNotFound, MessageSender, SendMessageError, Unavailable } from "@message-sender/core";
import { isIdentifier } from "@message-sender/core";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { checkMediaType, readJson } from "./json-body.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { recordJson, sentJson, statusJson } from "./message-json.ts";
import { notFound, type Problem, problemResponse } from "./problem.ts";
import { problemOf } from "./problem-details.ts";
import { requestContext, type RequestContext } from "./request-context.ts";
import { parseSendRequest } from "./send-request.ts";

export interface HttpAppOptions {
  readonly sender: MessageSender;
  readonly clock: Clock;
  /** One line a request, at `info`. Default: none. */
  readonly logger?: Logger;
}

const largestBody = 64 * 1024;

/** The HTTP API as a Hono app, to be served on its own or mounted in another. */
export function createHttpApp({ sender, clock, logger = silentLogger }: HttpAppOptions): Hono<RequestContext> {
  const app = new Hono<RequestContext>();

  const answer = (c: Context<RequestContext>, problem: Problem): Response => {
    c.set("problemType", problem.type ?? String(problem.status));
    if (problem.messageId) c.set("messageId", problem.messageId);
    return problemResponse(problem, c.get("requestId"));
  };
  const fail = (c: Context<RequestContext>, error: SendMessageError | MessageNotFound | Unavailable): Response =>
    answer(c, problemOf(error, clock.now()));
  const allowOnly = (allow: string) => (c: Context<RequestContext>) =>
    answer(c, { status: 405, detail: `Only ${allow} is allowed here.`, allow });

  app.use(requestContext(logger));

  app.post(
    "/api/v1/messages/send",
    async (c, next) => {
      const problem = checkMediaType(c.req.header("content-type"), c.req.header("content-encoding"));
      return problem ? answer(c, problem) : next();
    },
    bodyLimit({
      maxSize: largestBody,
      onError: (c) => answer(c, { status: 413, type: "body-too-large", detail: "The body may have 64 KiB." }),
    }),
    async (c) => {
      const command = await readJson(c.req.raw).andThen((body) =>
        parseSendRequest(body, {
          idempotencyKey: c.req.header("idempotency-key"),
          prefer: c.req.header("prefer"),
          traceparent: c.get("traceparent"),
        }),
      );
      if (command.isErr()) return answer(c, command.error);
      const sent = await sender.send(command.value);
      const response = sent.match(
        ({ message, replayed }) => {
          c.set("messageId", message.id);
          return c.json(sentJson(message), 200, replayed ? { "idempotency-replayed": "true" } : {});
        },
        (error) => fail(c, error),
      );
      const { waitMs } = command.value;
      if (waitMs !== undefined) response.headers.set("preference-applied", `wait=${waitMs / 1000}`);
      return response;
    },
  );
  app.all("/api/v1/messages/send", allowOnly("POST"));

  const find = (c: Context<RequestContext>, messageId: string, json: typeof statusJson | typeof recordJson) =>
    isIdentifier(messageId)
      ? sender.find(messageId).match(
          (message) => c.json(json(message)),
          (error) => fail(c, error),
        )
      : answer(c, notFound);
  app.get("/api/v1/messages/:messageId/status", (c) => find(c, c.req.param("messageId"), statusJson));
  app.all("/api/v1/messages/:messageId/status", allowOnly("GET"));
  app.get("/api/v1/messages/:messageId", (c) => find(c, c.req.param("messageId"), recordJson));
  app.all("/api/v1/messages/:messageId", allowOnly("GET"));

  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.all("/healthz", allowOnly("GET"));
  app.get("/readyz", (c) =>
    sender.check().match(
      () => c.json({ status: "ready" }),
      (error) => fail(c, error),
    ),
  );
  app.all("/readyz", allowOnly("GET"));

  app.notFound((c) => answer(c, notFound));
  app.onError((error, c) => {
    logger.error({ request_id: c.get("requestId"), error: error.name }, "unexpected error");
    return answer(c, { status: 500, detail: "Something unexpected happened." });
  });
  return app;
}
