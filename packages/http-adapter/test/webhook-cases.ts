import { createHmac } from "node:crypto";

import { Secret } from "@message-sender/core";
import { errAsync } from "neverthrow";

import { appSecrets, order } from "./app.ts";
import { rawRequest } from "./raw-request.ts";
import { direct, type RequestCase, type TestApp, viaApp } from "./ways.ts";

interface Asked {
  readonly headers?: readonly string[];
  readonly line?: string;
  /** The value of the header, or the secret that makes it. */
  readonly signature?: string | null;
  readonly secret?: string;
}

export function signatureOf(body: string | Buffer, secret = appSecrets[0] ?? ""): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** A webhook as it comes over a socket. */
export function webhook(body: string | Buffer | object, { headers = [], line, signature, secret }: Asked = {}): Buffer {
  const bytes = Buffer.isBuffer(body) || typeof body === "string" ? body : JSON.stringify(body);
  const signed = signature === undefined ? signatureOf(bytes, secret) : signature;
  const all = signed === null ? headers : [...headers, `X-Hub-Signature-256: ${signed}`];
  return rawRequest(line ?? "POST /webhooks/whatsapp", bytes, all);
}

const withHeaders = (...headers: readonly string[]) => webhook(statusWebhook("delivered"), { headers });
const bodyOf = (...changes: readonly object[]) => ({
  object: "whatsapp_business_account",
  entry: [{ id: "1", changes }],
});
const metadata = { phone_number_id: `number-of-${order.outlet_id}` };

/** A status of the message that `afterSend` sends. */
export function statusWebhook(status: string, change: object = {}): object {
  const element = {
    id: "wamid.1",
    status,
    timestamp: "1763719207",
    recipient_id: "628123456789",
    biz_opaque_callback_data: "ms1:message-000001:1",
    ...change,
  };
  const value = { messaging_product: "whatsapp", metadata, statuses: [element] };
  return bodyOf({ field: "messages", value });
}

const wrote = { from: "628123456789", id: "wamid.in", timestamp: "1763719207", type: "text", text: { body: "Hi" } };
const inbound = bodyOf({ field: "messages", value: { metadata, messages: [wrote] } });

/** Sends a message that WhatsApp accepts. */
async function prepare({ sender }: TestApp): Promise<void> {
  const { tenant_id: tenantId, outlet_id: outletId, conversation_id: conversationId, to, message } = order;
  const content = { type: "text", text: { body: message } } as const;
  (await sender.send({ tenantId, outletId, conversationId, to, content }))._unsafeUnwrap();
}

const afterSend = (asked: RequestCase): RequestCase => ({ ...asked, prepare });

const unavailable = { kind: "Unavailable", reason: "the disk is full" } as const;

/** Replaces a method of a port after a message was sent. */
const failing = (port: "messages" | "recipients" | "webhookInbox", method: string, work: () => unknown) => ({
  prepare: async (test: TestApp) => {
    await prepare(test);
    Object.assign(test.ports[port], { [method]: work });
  },
});

const overloaded = (level: number): RequestCase => ({ ...direct(withHeaders()), options: { overload: { level } } });

export const webhookCases: Readonly<Record<string, RequestCase>> = {
  // What is in it
  "a status": afterSend(direct(webhook(statusWebhook("delivered")))),
  "statuses on one connection": afterSend(
    direct(webhook(statusWebhook("sent")), webhook(statusWebhook("read")), webhook(statusWebhook("delivered"))),
  ),
  "statuses in one packet": afterSend(
    direct(Buffer.concat([webhook(statusWebhook("sent")), webhook(statusWebhook("read"))]), ""),
  ),
  "a status, repeated": afterSend(direct(webhook(statusWebhook("read")), webhook(statusWebhook("read")))),
  "a failure": afterSend(direct(webhook(statusWebhook("failed", { errors: [{ code: 131026, title: "no" }] })))),
  "a status of somebody else's message": direct(webhook(statusWebhook("read"))),
  "a status that comes early": direct(webhook(statusWebhook("read", { biz_opaque_callback_data: undefined }))),
  "a status that is not understood": afterSend(direct(webhook(statusWebhook("deleted")))),
  "a customer's message": direct(webhook(inbound), webhook(inbound)),
  "another field": direct(webhook(bodyOf({ field: "account_update", value: {} }))),
  "no entries": direct(webhook({ object: "whatsapp_business_account" })),
  "another object": direct(webhook({ object: "page", entry: [{}] })),
  "a number of any size": direct(
    webhook('{"entry":[{"id":12345678901234567890,"changes":[{"field":"x","value":{}}]}]}'),
  ),
  "no JSON": direct(webhook("{")),
  "invalid UTF-8": direct(webhook(Buffer.from([0x22, 0xff, 0xfe, 0x22]))),
  "one byte": direct(webhook("5")),
  "deep nesting": direct(webhook(`${"[".repeat(5000)}${"]".repeat(5000)}`)),
  "20 KiB": afterSend(direct(webhook(JSON.stringify(statusWebhook("read")).padEnd(20 * 1024)))),
  "100 KiB": afterSend(viaApp(webhook(JSON.stringify(statusWebhook("read")).padEnd(100 * 1024)))),
  "5 MB": viaApp(webhook(Buffer.alloc(5 * 1024 * 1024, " "))),
  "no body": viaApp(webhook("")),
  "a chunked body": viaApp(webhook("1\r\n5\r\n0\r\n\r\n", { headers: ["Transfer-Encoding: chunked"], secret: "x" })),

  // Signatures
  "a signature of the next secret": afterSend(direct(webhook(statusWebhook("read"), { secret: appSecrets[1] ?? "" }))),
  "a signature in capitals": afterSend(
    direct(
      webhook(statusWebhook("read"), {
        signature: signatureOf(JSON.stringify(statusWebhook("read"))).replace(/[a-f](?=[^=]*$)/g, (digit) =>
          digit.toUpperCase(),
        ),
      }),
    ),
  ),
  "a signature of another secret": afterSend(direct(webhook(statusWebhook("read"), { secret: "another" }))),
  "a signature of other bytes": afterSend(direct(webhook(statusWebhook("read"), { signature: signatureOf("other") }))),
  "no signature": afterSend(direct(webhook(statusWebhook("read"), { signature: null }))),
  "an empty signature": direct(webhook(statusWebhook("read"), { signature: "" })),
  "a signature of another algorithm": direct(webhook("5", { signature: signatureOf("5").replace("sha256", "sha1") })),
  "a signature that is too short": direct(webhook("5", { signature: signatureOf("5").slice(0, -1) })),
  "two signatures": viaApp(webhook("5", { headers: [`X-Hub-Signature-256: ${signatureOf("6")}`] })),
  "no secrets": {
    ...direct(webhook("5")),
    options: { webhooks: { appSecrets: [], verifyToken: new Secret("verify-me") } },
  },

  // Headers, hosts, origins and keys
  "ids of the caller": afterSend(
    direct(
      withHeaders("X-Request-Id: request-1", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"),
    ),
  ),
  "headers of Meta": afterSend(
    direct(withHeaders("User-Agent: facebookexternalua", "Accept: */*", "X-Hub-Signature: sha1=0")),
  ),
  "another media type": afterSend(viaApp(withHeaders("Host: localhost", "Content-Type: text/plain"))),
  "a content encoding": afterSend(viaApp(withHeaders("Content-Encoding: gzip"))),
  "an Idempotency-Key and a Prefer header": afterSend(
    direct(withHeaders("Idempotency-Key: a b", "Prefer: respond-async")),
  ),
  "HTTP/1.0": viaApp(withHeaders().toString("latin1").replace("HTTP/1.1", "HTTP/1.0")),
  "a wish to go on": direct(withHeaders("Expect: 100-continue")),
  "a wish to close": direct(withHeaders("Connection: close")),
  "two Hosts": viaApp(withHeaders("Host: localhost", "Host: localhost", "Content-Type: application/json")),
  "a host that is not allowed": {
    ...afterSend(direct(withHeaders("Host: hooks.example.com", "Content-Type: application/json"))),
    options: { allowedHosts: [] },
  },
  "a foreign origin": {
    ...afterSend(viaApp(withHeaders("Origin: https://evil.example"))),
    options: { foreignOrigins: "refused" },
  },
  "an API key where there are none": {
    ...afterSend(direct(withHeaders("Authorization: Bearer x"))),
    options: { apiKeys: "refused" },
  },
  "callers who need a key": {
    ...direct(withHeaders()),
    options: { access: () => ({ refused: "unauthenticated" }) },
  },
  "an address by a proxy": {
    ...direct(withHeaders("X-Forwarded-For: 198.51.100.1, 203.0.113.9")),
    options: { trustedProxies: ["127.0.0.0/8"] },
  },

  // Other requests to the path, and to its neighbours
  "another method": viaApp(webhook("5", { line: "PUT /webhooks/whatsapp" })),
  "the handshake, with a body": viaApp(webhook("5", { line: "GET /webhooks/whatsapp" })),
  "a query": viaApp(webhook("5", { line: "POST /webhooks/whatsapp?a=b" })),
  "an absolute URL": viaApp(webhook("5", { line: "POST http://localhost:3000/webhooks/whatsapp" })),
  "a slash at the end": viaApp(webhook("5", { line: "POST /webhooks/whatsapp/" })),

  // What the server makes of it
  "as much overload as a webhook survives": overloaded(3),
  "too much overload": overloaded(4),
  "a store that cannot find": { ...direct(withHeaders()), ...failing("messages", "find", () => errAsync(unavailable)) },
  "a store that cannot commit": {
    ...direct(withHeaders()),
    ...failing("messages", "commit", () => errAsync(unavailable)),
  },
  "an inbox that is full": {
    ...direct(webhook(inbound)),
    ...failing("webhookInbox", "add", () => errAsync(unavailable)),
  },
  "recipients that cannot be noted": {
    ...direct(webhook(inbound)),
    ...failing("recipients", "note", () => errAsync(unavailable)),
  },
  "a defect": {
    ...direct(withHeaders("X-Request-Id: request-1")),
    ...failing("messages", "find", () => {
      throw new Error("CANARY-4711");
    }),
  },
  "a sender that throws": {
    ...direct(withHeaders()),
    prepare: ({ sender }) =>
      Object.assign(sender, {
        receiveWebhook: () => {
          throw new Error("CANARY-4711");
        },
      }),
  },
};
