import { z } from "zod";

import { defineRoute } from "../routes/route.ts";
import { queuedAnswer, sentAnswer } from "./message-answers.ts";
import { byMessageType } from "./send-body-schema.ts";
import { sendExamples } from "./send-examples.ts";
import { sendBody } from "./send-body.ts";

const idempotencyKey = {
  description:
    "Makes a repeat safe: a request with the same key and the same body gets the answer of the first one, and the message is sent once. 1–255 visible ASCII characters, such as `order-4711-ready` or a UUID.",
  schema: z.string().meta({ pattern: "^[\\x21-\\x7e]{1,255}$" }),
};

const prefer = {
  description:
    "`wait=N`: answer within N seconds. `respond-async`: answer 202 once the message is in the queue (RFC 7240). Unknown preferences are ignored. An answer names the preference that was applied in `Preference-Applied`.",
  schema: z.string(),
};

/** What a caller needs to send. */
export const sendScope = "send";

export const sendRoute = defineRoute({
  method: "POST",
  path: "/api/v1/messages/send",
  scope: sendScope,
  operation: "sendMessage",
  tag: "Messages",
  summary: "Send a message",
  description:
    "Sends a message to WhatsApp and waits for its answer. Failed attempts are repeated on a schedule. What was accepted survives a crash of the server. Send an `Idempotency-Key`, so that a repeat after a lost connection does not send the message twice. With `Prefer: respond-async` the message goes to the queue and the call does not wait: repeat it under its key, or ask for its status, to learn the result.",
  headers: { "Idempotency-Key": idempotencyKey, Prefer: prefer },
  body: {
    schema: sendBody,
    refine: byMessageType("Send"),
    examples: sendExamples,
  },
  answers: {
    200: {
      description: "WhatsApp accepted the message.",
      schema: sentAnswer,
      headers: ["Idempotency-Replayed", "Preference-Applied"],
      examples: {
        sent: {
          message_id: "018f2b6c-7d1e-7a40-9c3b-2f5d8e6a1b90",
          whatsapp_message_id: "wamid.HBgNNjI4MTIzNDU2Nzg5FQIAERgSQTQ1",
          status: "sent",
          sent_at: "2025-11-21T10:00:00.000Z",
        },
      },
    },
    202: {
      description: "The message is queued, and sent later.",
      schema: queuedAnswer,
      headers: ["Location", "Idempotency-Replayed", "Preference-Applied"],
      examples: { queued: { message_id: "018f2b6c-7d1e-7a40-9c3b-2f5d8e6a1b90", status: "queued" } },
    },
  },
  problems: [
    "not-found",
    "idempotency-in-progress",
    "idempotency-key-reused",
    "message-rejected",
    "quota-exceeded",
    "queue-full",
    "rate-limited",
    "delivery-failed",
    "credentials-rejected",
    "unavailable",
    "outcome-unknown",
  ],
});
