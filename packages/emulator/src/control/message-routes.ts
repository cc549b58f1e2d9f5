import { z } from "#zod";

import type { Chats } from "../chats/chats.ts";
import { matcherOf, messageMatchSchema } from "../chats/message-match.ts";
import type { Events } from "../events/events.ts";
import { waitFor } from "../events/wait.ts";
import type { WebhookService } from "../webhooks/webhooks.ts";
import type { Readers } from "./readers.ts";
import { count, idParam, timeoutMs } from "./routes/bodies.ts";
import { ControlProblem, type ControlRoute, route } from "./routes/route.ts";
import { messageShape } from "./shapes.ts";

interface MessageRoutesDeps {
  readonly chats: Chats;
  readonly events: Events;
  readonly webhooks: WebhookService;
  readonly readers: Readers;
}

const anyDirection = messageMatchSchema.shape.direction.unwrap().exactOptional();
const listSchema = messageMatchSchema.extend({
  direction: anyDirection,
  limit: count.max(10_000).default(1_000).describe("The newest are listed."),
});

const statusSchema = z
  .strictObject({
    status: z.enum(["sent", "delivered", "read", "played", "failed"]),
    errorCode: z.int().min(0).describe("Why it failed, by Meta's code. Default: 131026.").exactOptional(),
    details: z.string().exactOptional(),
    afterMs: z.number().min(0).max(86_400_000).describe("Default: 0.").exactOptional(),
  })
  .refine(({ status, errorCode, details }) => status === "failed" || (errorCode ?? details) === undefined, {
    error: "errorCode and details are only of failed",
    path: ["errorCode"],
  });

const unknownMessage = { description: "WhatsApp accepted no message with this id." };

/** Messages in both directions: look, wait, and decide what becomes of them. */
export function messageRoutes({ chats, events, webhooks, readers }: MessageRoutesDeps): readonly ControlRoute[] {
  return [
    route({
      method: "GET",
      path: "/messages",
      operation: "listMessages",
      tag: "Messages",
      summary: "List the messages between numbers and customers, in both directions",
      query: listSchema,
      answers: {
        200: { description: "The messages, the oldest first.", schema: z.object({ messages: z.array(messageShape) }) },
      },
      handle({ query: { limit, direction, ...match } }) {
        const outgoing = matcherOf({ ...match, direction: "out" });
        const incoming = matcherOf({ ...match, direction: "in" });
        const messages = chats
          .all()
          .filter((one) => (direction !== "in" && outgoing(one)) || (direction !== "out" && incoming(one)));
        return { status: 200, body: { messages: messages.slice(-limit) } };
      },
    }),
    route({
      method: "GET",
      path: "/messages/:id",
      operation: "getMessage",
      tag: "Messages",
      summary: "Show a message",
      params: idParam,
      answers: {
        200: { description: "The message.", schema: messageShape },
        404: { description: "There is no such message." },
      },
      handle({ params }) {
        const message = chats.find(params.id);
        if (!message) throw new ControlProblem(404, "Unknown message");
        return { status: 200, body: message };
      },
    }),
    route({
      method: "POST",
      path: "/messages/:id/status",
      operation: "setStatus",
      tag: "Messages",
      summary: "Decide what becomes of a message: delivered, read, played or failed, now or later",
      description:
        "Sends the status webhook. The statuses that would have come by themselves and were not sent yet never come.",
      params: idParam,
      body: statusSchema,
      examples: {
        "it is read": { status: "read" },
        "it fails in two seconds": { status: "failed", errorCode: 131026, afterMs: 2000 },
      },
      answers: { 202: { description: "The message before the change.", schema: messageShape }, 404: unknownMessage },
      handle({ params, body: { status, errorCode = 131026, details, afterMs = 0 } }) {
        const accepted = chats.accepted(params.id);
        const message = chats.find(params.id);
        if (!accepted || !message) throw new ControlProblem(404, "Unknown message");
        const error = { code: errorCode, ...(details !== undefined && { details }) };
        webhooks.choose(accepted, { status, afterMs, ...(status === "failed" && { error }) });
        return { status: 202, body: message };
      },
    }),
    route({
      method: "GET",
      path: "/wait/message",
      operation: "waitForMessage",
      tag: "Messages",
      summary: "Wait until a message matches",
      description:
        "Answers as soon as one does, also at once if it is there already. With a `reader`, each message is given to that reader " +
        "once: the next wait is for another message.",
      query: messageMatchSchema.extend({
        timeoutMs,
        reader: z.string().min(1).describe("A name of yours.").exactOptional(),
      }),
      answers: {
        200: { description: "The oldest message that matches.", schema: messageShape },
        408: { description: "None did within the time. The answer has the latest messages." },
      },
      async handle({ query: { timeoutMs: limitMs, reader, ...match }, signal }) {
        const matches = matcherOf(match);
        const read = readers.of(reader);
        const message = await waitFor({
          events,
          find: () => chats.all().find((one) => !read.has(one.seq) && matches(one)),
          changedBy: ({ type }) => type === "message" || type === "status",
          timeoutMs: limitMs,
          signal,
        });
        if (message) {
          read.add(message.seq);
          return { status: 200, body: message };
        }
        const latest = chats.all().filter(({ direction }) => direction === match.direction);
        throw new ControlProblem(408, "No such message", `No message matched within ${limitMs} ms.`, {
          messages: latest.slice(-5),
        });
      },
    }),
  ];
}
