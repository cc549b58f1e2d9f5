import { recordAnswer } from "../messages/message-answers.ts";
import { recordExample } from "../messages/record-example.ts";
import { defineRoute } from "../routes/route.ts";

const canceledAt = "2025-11-21T10:00:00.000Z";

export const cancelRoute = defineRoute({
  method: "POST",
  path: "/api/v1/messages/:messageId/cancel",
  scope: "admin",
  operation: "cancelMessage",
  tag: "Messages",
  summary: "Withdraw a queued message",
  description:
    "No further attempt of the message is made, and its unit of quota is returned. If an earlier attempt may have sent it, its status is `unknown`. A message that is being sent, or that a call waits for, cannot be withdrawn. A repeat gets the same answer. It takes no body.",
  answers: {
    200: {
      description: "The record of the message.",
      schema: recordAnswer,
      examples: {
        canceled: {
          ...recordExample,
          status: "canceled",
          sent_at: undefined,
          delivered_at: undefined,
          read_at: undefined,
          whatsapp_message_id: undefined,
          whatsapp_message_ids: [],
          attempts: [],
          conclusion: { as: "canceled", at: canceledAt, reason: "It was canceled.", by: "key_5f3a" },
        },
      },
    },
  },
  problems: ["not-found", "conflict", "unavailable"],
});
