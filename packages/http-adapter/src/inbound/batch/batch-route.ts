import { messageStatuses } from "@message-sender/core/adapter";
import { z } from "zod";

import { problemSchema } from "../openapi/problems.ts";
import { byMessageType } from "../messages/send-body-schema.ts";
import { defineRoute, type JsonSchema, type RefineSchema } from "../routes/route.ts";
import { shedding } from "../routes/shedding.ts";
import { batchBody } from "./batch-body.ts";

const accepted = z
  .object({
    message_id: z.string().describe("Our id of the message."),
    status: z.enum(messageStatuses).describe("`queued`, or what became of it by now if this is a repeat."),
  })
  .meta({ id: "BatchAccepted" });

const refused = z
  .object({
    problem: problemSchema.describe("What a send of this message alone would be answered with."),
  })
  .meta({ id: "BatchRefused" });

/** Each message has its own schema by its type, as in a send. */
const eachByType: RefineSchema = ({ properties = {}, ...body }, define) => {
  const { items, ...messages } = properties["messages"] as JsonSchema & { readonly items: JsonSchema };
  return {
    ...body,
    properties: { ...properties, messages: { ...messages, items: byMessageType("Batch")(items, define) } },
  };
};

const ids = {
  tenant_id: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b01",
  outlet_id: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b02",
};
const text = { message_type: "text", message: "Hello! Your order is ready." };

export const batchRoute = defineRoute({
  method: "POST",
  path: "/api/v1/messages/batch",
  scope: "send",
  shedAt: shedding.queued,
  operation: "sendBatch",
  tag: "Messages",
  summary: "Queue up to 1,000 messages",
  description:
    "Puts messages into the queue. Each is a body of a send, with an `idempotency_key` of its own. The answer has a result for each, in order: a message that is refused has its problem there, with pointers into the message, and the others are accepted all the same. Repeat the whole batch if its answer is lost: under their keys, no message is queued twice. The header `Idempotency-Key` is refused.",
  body: {
    schema: batchBody,
    refine: eachByType,
    examples: {
      "two messages": {
        messages: [
          { ...ids, conversation_id: "c-1", to: "+628123456789", ...text, idempotency_key: "ready-4711" },
          { ...ids, conversation_id: "c-2", to: "+628123456780", ...text, idempotency_key: "ready-4712" },
        ],
      },
    },
  },
  answers: {
    202: {
      description: "The result of each message, in order.",
      schema: z.object({ results: z.array(z.union([accepted, refused])) }).meta({ id: "BatchResults" }),
      examples: {
        "one accepted and one refused": {
          results: [
            { message_id: "018f2b6c-7d1e-7a40-9c3b-2f5d8e6a1b90", status: "queued" },
            {
              problem: {
                type: "/problems/invalid-request",
                title: "The request is invalid",
                status: 400,
                detail: "The message is invalid.",
                instance: "5f0c9c1e-3a4b-4d8a-9f0e-2b7c6d5e4f3a",
                errors: [
                  { pointer: "/to", detail: "must be an E.164 number with a leading + or a business-scoped user id" },
                ],
              },
            },
          ],
        },
      },
    },
  },
  problems: ["unavailable"],
});
