import { createHttpApp, toNodeHandler } from "@message-sender/http-adapter/inbound";
import fastify, { type FastifyInstance } from "fastify";
import { it, onTestFinished } from "vitest";

import { apiKey, createSender, expectToExplain, expectToWork, webhooks } from "../mounted.ts";
import { createServer } from "./server.ts";

async function listening(app: FastifyInstance): Promise<string> {
  onTestFinished(() => app.close());
  return app.listen({ port: 0, host: "127.0.0.1" });
}

it("sends a message and takes a signed webhook", async () => {
  await expectToWork(await listening(createServer(createSender(), apiKey, webhooks)));
});

it("says so where Fastify has read the body", async () => {
  const app = createHttpApp({ sender: createSender(), access: "open", webhooks });
  const handle = toNodeHandler(app, { basePath: "/whatsapp" });
  const host = fastify();
  host.all("/whatsapp/*", (request, reply) => handle(request.raw, reply.hijack().raw));
  await expectToExplain(await listening(host));
});
