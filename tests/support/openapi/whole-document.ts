import { createMessageSender, Secret } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import { createHttpApp } from "@message-sender/http-adapter/inbound";

import type { OpenApiDocument } from "./document.ts";

/** The document of a server that offers everything that there is, and asks for keys. `T`: what is read of it. */
export async function wholeDocument<T = OpenApiDocument>(): Promise<T> {
  const app = createHttpApp({
    sender: createMessageSender(createTestPorts()),
    access: () => ({ refused: "unauthenticated" }),
    webhooks: { appSecrets: [], verifyToken: new Secret("verify-me") },
    metrics: { contentType: "text/plain", metrics: async () => "" },
  });
  return (await (await app.request("/openapi.json")).json()) as T;
}
