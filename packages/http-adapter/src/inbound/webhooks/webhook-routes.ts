import { z } from "zod";

import { defineRoute } from "../routes/route.ts";
import { shedding } from "../routes/shedding.ts";

export const webhookPath = "/webhooks/whatsapp";

export const handshakeRoute = defineRoute({
  method: "GET",
  path: webhookPath,
  scope: "open",
  operation: "verifyWebhook",
  tag: "Webhooks",
  summary: "Answer Meta's verification handshake",
  description:
    "Meta calls this when the webhook is set up in the app's dashboard. The verify token is WHATSAPP_VERIFY_TOKEN.",
  query: z.object({
    "hub.mode": z.literal("subscribe"),
    "hub.verify_token": z.string(),
    "hub.challenge": z.string().meta({ pattern: "^[A-Za-z0-9_-]{1,128}$" }),
  }),
  answers: {
    200: {
      description: "The challenge.",
      schema: z.string(),
      mediaType: "text/plain",
      examples: { challenge: "1158201444" },
    },
  },
  problems: ["forbidden", "not-found"],
});

export const webhookRoute = defineRoute({
  method: "POST",
  path: webhookPath,
  scope: "open",
  shedAt: shedding.webhook,
  operation: "receiveWebhook",
  tag: "Webhooks",
  summary: "Receive a webhook of WhatsApp",
  description:
    "Meta reports here what became of messages, and what customers wrote. The body is signed with the app's secret. Everything is committed before the answer; after any other answer, Meta sends the webhook again.",
  headers: {
    "X-Hub-Signature-256": {
      description: "`sha256=` and the HMAC of the raw body, in hexadecimal.",
      schema: z.string().meta({ pattern: "^sha256=[0-9a-fA-F]{64}$" }),
      example: "sha256=7f0c5d2e1a6b4c3d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f9012345678901",
    },
  },
  body: {
    schema: z.looseObject({ object: z.string().optional(), entry: z.array(z.unknown()).optional() }).meta({
      id: "WhatsAppWebhook",
      description: "As Meta documents it. A signed body of any form is accepted: what is not understood is kept.",
    }),
    examples: {
      "a message was delivered": {
        object: "whatsapp_business_account",
        entry: [
          {
            id: "102290129340398",
            changes: [
              {
                field: "messages",
                value: {
                  messaging_product: "whatsapp",
                  metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
                  statuses: [
                    {
                      id: "wamid.HBgNNjI4MTIzNDU2Nzg5FQIAERgSQTQ1",
                      status: "delivered",
                      timestamp: "1763719205",
                      recipient_id: "628123456789",
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    },
  },
  answers: {
    200: {
      description: "The webhook is committed. The counts say what was done with its parts.",
      schema: z
        .object({
          applied: z.number().int().min(0).describe("Statuses of our messages."),
          parked: z
            .number()
            .int()
            .min(0)
            .describe("Statuses whose message is not known yet. They are matched again later."),
          unmatched: z.number().int().min(0).describe("Statuses of other systems' messages."),
          kept: z.number().int().min(0).describe("Parts that are kept for the platform, such as customers' messages."),
        })
        .meta({ id: "WebhookReceived" }),
      examples: { "one status": { applied: 1, parked: 0, unmatched: 0, kept: 0 } },
    },
  },
  problems: ["unauthenticated", "not-found", "unavailable"],
});
