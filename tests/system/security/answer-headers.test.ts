import { describe, expect, it } from "vitest";

import { rawExchange } from "../../support/raw-exchange.ts";
import { order, startService } from "../../support/running-service.ts";

const body = JSON.stringify(order);
const json = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;

/** One answer of each kind: a success, a list, problems of routes, of no route and of the connection, a page, a script. */
const requests: Readonly<Record<string, readonly [head: string, body?: string]>> = {
  "a send": [`POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\n${json}`, body],
  "a list": ["GET /api/v1/messages HTTP/1.1\r\nHost: localhost"],
  "an invalid body": [
    `POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1`,
    "{",
  ],
  "an unknown message": ["GET /api/v1/messages/none HTTP/1.1\r\nHost: localhost"],
  "an unknown path": ["GET /api/v2/anything HTTP/1.1\r\nHost: localhost"],
  "a method that is not allowed": ["DELETE /api/v1/messages HTTP/1.1\r\nHost: localhost"],
  "a preflight of another site": [
    "OPTIONS /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: POST",
  ],
  "another Host": ["GET /api/v1/messages HTTP/1.1\r\nHost: evil.example"],
  "what is no HTTP": ["GET / HTTP/9.9\r\nHost: localhost"],
  health: ["GET /healthz HTTP/1.1\r\nHost: localhost"],
  "a webhook without a signature": ["POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2", "{}"],
  "the document": ["GET /openapi.json HTTP/1.1\r\nHost: localhost"],
  "the page": ["GET /docs HTTP/1.1\r\nHost: localhost"],
  "its script": ["GET /docs/start.js HTTP/1.1\r\nHost: localhost"],
};

describe("the headers of an answer", () => {
  it("keep it out of caches, let no browser guess its type or another site read it, and name no software", async () => {
    const { url } = await startService();
    for (const [name, [head, content = ""]] of Object.entries(requests)) {
      const answer = await rawExchange(url, `${head}\r\nConnection: close`, content);
      const headers = answer.split("\r\n\r\n")[0]?.toLowerCase() ?? "";
      expect(headers, name).toMatch(/^http\/1\.1 \d{3} /);
      expect(headers, name).toMatch(/^cache-control: no-store\r?$/m);
      expect(headers, name).toMatch(/^x-content-type-options: nosniff\r?$/m);
      expect(headers, name).not.toMatch(/^(?:server|x-powered-by|via|set-cookie|access-control-[a-z-]+):/m);
      expect(headers, name).not.toMatch(/hono|undici|node\b/);
    }
  });
});
