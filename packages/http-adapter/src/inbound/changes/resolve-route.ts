import { defineRoute } from "../routes/route.ts";
import { recordAnswer } from "../messages/message-answers.ts";
import { recordExample } from "../messages/record-example.ts";
import { resolveBody } from "./resolve-request.ts";

export const resolveRoute = defineRoute({
  method: "POST",
  path: "/api/v1/messages/:messageId/resolve",
  scope: "admin",
  operation: "resolveMessage",
  tag: "Messages",
  summary: "Resolve an unknown or failed message",
  description:
    "`resend` queues an unknown or failed message again, with a fresh schedule and a new unit of quota if it has none. `abandon` counts an unknown one as failed, and no further attempt is made.",
  body: { schema: resolveBody, examples: { resend: { action: "resend" }, abandon: { action: "abandon" } } },
  answers: {
    200: {
      description: "The record of the message after the decision.",
      schema: recordAnswer,
      examples: {
        resend: {
          ...recordExample,
          status: "queued",
          next_attempt_at: "2025-11-21T10:05:00.000Z",
          resent_at: ["2025-11-21T10:05:00.000Z"],
        },
      },
    },
  },
  problems: ["not-found", "conflict", "quota-exceeded", "unavailable"],
});
