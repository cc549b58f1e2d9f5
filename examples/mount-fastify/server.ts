import type { MessageSender } from "@message-sender/core";
import {
  type AccessCheck,
  createHttpApp,
  toNodeHandler,
  type WebhookOptions,
} from "@message-sender/http-adapter/inbound";
import fastify, { type FastifyInstance } from "fastify";

/** Your Fastify server, with the API at `/whatsapp/api/v1/…` and the webhooks at `/whatsapp/webhooks/whatsapp`. */
export function createServer(sender: MessageSender, apiKey: string, webhooks: WebhookOptions): FastifyInstance {
  const access: AccessCheck = (request) =>
    request.headers.get("authorization") === `Bearer ${apiKey}`
      ? { tenants: "all", scopes: ["send", "read"] }
      : { refused: "unauthenticated" };

  const handle = toNodeHandler(createHttpApp({ sender, access, webhooks }), { basePath: "/whatsapp" });

  const app = fastify();
  app.get("/", () => "the rest of your server");
  return app.register(async (whatsapp) => {
    // Fastify must not read the body: a webhook's signature is of its bytes as they came.
    whatsapp.removeAllContentTypeParsers();
    whatsapp.addContentTypeParser("*", (_request, _body, done) => done(null));
    whatsapp.all("/whatsapp/*", (request, reply) => handle(request.raw, reply.hijack().raw));
  });
}
