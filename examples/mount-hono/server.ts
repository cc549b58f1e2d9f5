import type { MessageSender } from "@message-sender/core";
import { type AccessCheck, createHttpApp, type WebhookOptions } from "@message-sender/http-adapter/inbound";
import { Hono } from "hono";

/** Your Hono app, with the API at `/whatsapp/api/v1/…` and the webhooks at `/whatsapp/webhooks/whatsapp`. */
export function createServer(sender: MessageSender, apiKey: string, webhooks: WebhookOptions): Hono {
  const access: AccessCheck = (request) =>
    request.headers.get("authorization") === `Bearer ${apiKey}`
      ? { tenants: "all", scopes: ["send", "read"] }
      : { refused: "unauthenticated" };

  return new Hono()
    .get("/", (c) => c.text("the rest of your server"))
    .route("/whatsapp", createHttpApp({ sender, access, webhooks }));
}
