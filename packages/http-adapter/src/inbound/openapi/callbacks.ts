import { messageStatuses } from "@message-sender/core/adapter";
import { z } from "zod";

import { customerMessage } from "../routes/customer-message.ts";
import type { SchemaWriter } from "./json-schema.ts";

const time = z.iso.datetime();

const statusEvent = z
  .object({
    type: z.literal("message.status"),
    timestamp: time.describe("When the change was recorded."),
    data: z.object({
      message_id: z.string(),
      version: z.number().int().min(1).describe("Counts the changes. The highest one is the current state."),
      tenant_id: z.string(),
      outlet_id: z.string(),
      conversation_id: z.string(),
      to: z.string(),
      reference: z.string().optional().describe("Your own id of the message."),
      status: z.enum(messageStatuses),
      whatsapp_message_id: z.string().optional(),
      failure: z
        .object({ code: z.number().int().optional(), details: z.string(), advice: z.string().optional() })
        .optional(),
      possible_duplicate: z.literal(true).optional(),
      queued_at: time,
      sent_at: time.optional(),
      delivered_at: time.optional(),
      read_at: time.optional(),
      failed_at: time.optional(),
    }),
  })
  .meta({ id: "StatusEvent" });

const exampleEvent = {
  type: "message.status",
  timestamp: "2025-11-21T10:00:05.120Z",
  data: {
    message_id: "018f2b6c-7d1e-7a40-9c3b-2f5d8e6a1b90",
    version: 4,
    tenant_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a01",
    outlet_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a02",
    conversation_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a03",
    to: "+628123456789",
    reference: "order-4711",
    status: "delivered",
    whatsapp_message_id: "wamid.HBgNNjI4MTIzNDU2Nzg5FQIAERgSQTQ1",
    queued_at: "2025-11-21T09:59:59.700Z",
    sent_at: "2025-11-21T10:00:00.000Z",
    delivered_at: "2025-11-21T10:00:05.000Z",
  },
};

const forwarded = z.looseObject({ object: z.string(), entry: z.array(z.unknown()) }).meta({ id: "ForwardedWebhook" });

/** Headers of Standard Webhooks (standardwebhooks.com), whose libraries verify them. */
const signed = {
  "webhook-id": "The same for each delivery of an event, and for no other event.",
  "webhook-timestamp": "When it was sent, in seconds since 1970.",
  "webhook-signature": "`v1,` and the HMAC of id, time and body under the shared secret, in Base64.",
};

/** What the server sends to the platform. */
export function callbacksOf(writer: SchemaWriter): object {
  return {
    messageStatus: {
      post: operationOf(
        "receiveStatusEvent",
        "Report a status change",
        "Sent to STATUS_CALLBACK_URL, or to the tenant's own URL, for every visible change of a message: in version order, at least once, and retried for three days. `webhook-id` is `<message_id>:<version>`. Redirects are not followed.",
        { schema: writer.write(statusEvent), example: exampleEvent },
        { "410": { description: "Not wanted. This event is sent again only by a replay." } },
      ),
    },
    forwardedWebhook: {
      post: operationOf(
        "receiveForwardedWebhook",
        "Forward a webhook of WhatsApp",
        "Sent to WEBHOOK_FORWARD_URL for each webhook of WhatsApp that is not the status of a message, as Meta wrote it: what customers write, and changes of templates and accounts. Sent at least once, and retried for three days. Redirects are not followed.",
        { schema: writer.write(forwarded), example: customerMessage },
      ),
    },
  };
}

interface Body {
  readonly schema: object;
  readonly example: object;
}

/** `others`: answers with a meaning of their own. */
function operationOf(
  operationId: string,
  summary: string,
  description: string,
  body: Body,
  others: Readonly<Record<string, object>> = {},
): object {
  const parameters = Object.entries(signed).map(([name, meaning]) => ({
    name,
    in: "header",
    required: true,
    description: meaning,
    schema: { type: "string" },
  }));
  return {
    operationId,
    summary,
    description,
    tags: ["Callbacks"],
    security: [],
    parameters,
    requestBody: { required: true, content: { "application/json": body } },
    responses: {
      "2XX": { description: "Received." },
      ...others,
      default: { description: "Not received. It is sent again later." },
    },
  };
}
