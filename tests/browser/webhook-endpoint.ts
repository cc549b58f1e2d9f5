import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { onTestFinished } from "vitest";

/** A bot's endpoint: it consents to `hub.challenge`, and keeps what it gets, if the signature is right. */
export async function openWebhookEndpoint({ appSecret, verifyToken }: { appSecret: string; verifyToken: string }) {
  const received: { readonly isSigned: boolean; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? "/", "http://localhost").searchParams;
    if (request.method === "GET") {
      const isRight = query.get("hub.verify_token") === verifyToken;
      response.writeHead(isRight ? 200 : 403).end(isRight ? query.get("hub.challenge") : "");
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const signature = `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
      received.push({ isSigned: request.headers["x-hub-signature-256"] === signature, body: body.toString("utf8") });
      response.writeHead(200).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`, received };
}
