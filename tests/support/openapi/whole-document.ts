import { createMessageSender, Secret } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import { createHttpApp } from "@message-sender/http-adapter/inbound";

import type { OpenApiDocument } from "./document.ts";

/** The document of a server that offers everything that there is. */
export async function wholeDocument(): Promise<OpenApiDocument> {
  const app = createHttpApp({
    sender: createMessageSender(createTestPorts()),
    access: "open",
    webhooks: { appSecrets: [], verifyToken: new Secret("verify-me") },
  });
  return (await (await app.request("/openapi.json")).json()) as OpenApiDocument;
}
