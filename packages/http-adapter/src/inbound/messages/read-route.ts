import { z } from "zod";

import { defineRoute } from "../routes/route.ts";
import { readBody } from "./read-request.ts";

export const readRoute = defineRoute({
  method: "POST",
  path: "/api/v1/messages/read",
  scope: "send",
  operation: "markAsRead",
  tag: "Messages",
  summary: "Mark a received message as read",
  description:
    "Shows the customer that their message was read, and on request a typing indicator. Uses no quota. It is safe to repeat.",
  body: {
    schema: readBody,
    examples: {
      "a message, and that an answer is being typed": {
        tenant_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a01",
        outlet_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a02",
        whatsapp_message_id: "wamid.HBgNNjI4MTIzNDU2Nzg5FQIAEhgUM0E",
        typing: true,
      },
    },
  },
  answers: {
    200: {
      description: "WhatsApp has marked the message as read.",
      schema: z.object({ success: z.literal(true) }).meta({ id: "MarkedAsRead" }),
      examples: { marked: { success: true } },
    },
  },
  problems: [
    "not-found",
    "message-rejected",
    "rate-limited",
    "delivery-failed",
    "credentials-rejected",
    "unavailable",
    "outcome-unknown",
  ],
});
