import { z } from "zod";

import { defineRoute } from "../routes/route.ts";
import { customerMessage } from "../routes/customer-message.ts";
import { forwardQuery, listQuery } from "./kept-webhook-query.ts";

const keptWebhook = z
  .object({
    id: z.string().describe("The same for the same webhook, however often it arrives."),
    received_at: z.iso.datetime(),
    phone_number_id: z.string().optional().describe("Absent if the webhook names none, or several."),
    waba_id: z.string().optional().describe("The id of the WhatsApp Business Account."),
    field: z.string().optional().describe("Meta's name for the kind of the webhook."),
    body: z.unknown().describe("One change, in Meta's envelope, as it was received."),
  })
  .meta({ id: "KeptWebhook" });

const example = {
  id: "b6f1c1b0a7c94c55d3f0",
  received_at: "2025-11-21T10:03:11.482Z",
  phone_number_id: "106540352242922",
  waba_id: "102290129340398",
  field: "messages",
  body: customerMessage,
};

export const listWebhooksRoute = defineRoute({
  method: "GET",
  path: "/api/v1/webhooks",
  scope: "read",
  operation: "listWebhooks",
  tag: "Webhooks",
  summary: "List the webhooks that were kept",
  description:
    "Everything that WhatsApp reported, except statuses of messages: what customers wrote, and changes of templates and accounts. The latest come first. They are kept for `RETENTION_DAYS`. Needs access to all tenants, because WhatsApp does not say which tenant's customer wrote.",
  query: listQuery,
  answers: {
    200: {
      description: "A page of webhooks.",
      schema: z
        .object({
          webhooks: z.array(keptWebhook),
          next_cursor: z.string().nullable().describe("The `cursor` of the next page. Null on the last one."),
        })
        .meta({ id: "KeptWebhooks" }),
      examples: { "a customer's message": { webhooks: [example], next_cursor: null } },
    },
  },
  problems: ["unavailable"],
});

export const forwardWebhooksRoute = defineRoute({
  method: "POST",
  path: "/api/v1/webhooks/forward",
  scope: "admin",
  operation: "forwardWebhooks",
  tag: "Webhooks",
  summary: "Forward the webhooks that were kept",
  description:
    "Queues for `WEBHOOK_FORWARD_URL` the kept webhooks that were never forwarded: those that arrived before it was set, and those that its receiver did not accept for three days. With `again=true` also those that it has accepted. None is queued twice, so the request can be repeated. It takes no body. Needs access to all tenants. Requests from web pages are refused.",
  query: forwardQuery,
  answers: {
    200: {
      description: "How many webhooks match, and how many of them were queued.",
      schema: z
        .object({
          matched: z.number().int().min(0).describe("The kept webhooks that match the query."),
          queued: z
            .number()
            .int()
            .min(0)
            .describe(
              "Those of them that this request queued. The others are queued already, or were forwarded before.",
            ),
        })
        .meta({ id: "WebhooksForwarded" }),
      examples: { queued: { matched: 120, queued: 12 } },
    },
  },
  problems: ["conflict", "unavailable"],
});
