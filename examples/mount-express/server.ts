import type { MessageSender } from "@message-sender/core";
import {
  type AccessCheck,
  createHttpApp,
  toNodeHandler,
  type WebhookOptions,
} from "@message-sender/http-adapter/inbound";
import express, { type Express } from "express";

/** Your Express app, with the API at `/whatsapp/api/v1/…` and the webhooks at `/whatsapp/webhooks/whatsapp`. */
export function createServer(sender: MessageSender, apiKey: string, webhooks: WebhookOptions): Express {
  const access: AccessCheck = (request) =>
    request.headers.get("authorization") === `Bearer ${apiKey}`
      ? { tenants: "all", scopes: ["send", "read"] }
      : { refused: "unauthenticated" };

  const app = express();
  // Before any body parser: a webhook's signature is of its bytes as they came.
  app.use("/whatsapp", toNodeHandler(createHttpApp({ sender, access, webhooks })));
  app.use(express.json());
  app.get("/", (_, response) => void response.send("the rest of your server"));
  return app;
}
