import { defineRoute } from "../routes/route.ts";
import { recordAnswer, statusAnswer } from "./message-answers.ts";
import { recordExample } from "./record-example.ts";

export const statusRoute = defineRoute({
  method: "GET",
  path: "/api/v1/messages/:messageId/status",
  scope: "read",
  operation: "getMessageStatus",
  tag: "Messages",
  summary: "Show the status of a message",
  description:
    "The status, when the message reached it, and why it failed. `version` grows with each change that a caller can see.",
  answers: {
    200: {
      description: "The status of the message.",
      schema: statusAnswer,
      examples: {
        delivered: {
          status: "delivered",
          queued_at: "2025-11-21T09:59:59.700Z",
          sent_at: "2025-11-21T10:00:00.000Z",
          delivered_at: "2025-11-21T10:00:05.000Z",
          version: 3,
        },
        failed: {
          status: "failed",
          queued_at: "2025-11-21T09:59:59.700Z",
          failed_at: "2025-11-21T10:00:00.000Z",
          failure: {
            code: 131026,
            details: "Message undeliverable.",
            advice: "The number may not be on WhatsApp, or its app may be too old.",
          },
          version: 2,
        },
      },
    },
  },
  problems: ["not-found", "unavailable"],
});

export const recordRoute = defineRoute({
  method: "GET",
  path: "/api/v1/messages/:messageId",
  scope: "read",
  operation: "getMessage",
  tag: "Messages",
  summary: "Show everything that is known about a message",
  description: "The request, the status, each attempt with its outcome, and why it was or was not repeated.",
  answers: {
    200: {
      description: "The record of the message.",
      schema: recordAnswer,
      examples: { "delivered with the second attempt": recordExample },
    },
  },
  problems: ["not-found", "unavailable"],
});
