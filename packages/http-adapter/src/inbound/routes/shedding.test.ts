import { createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import { appSecrets, createTestApp, order } from "../../../test/app.ts";

/** What a server is asked, by the level from which on it refuses. */
const requests: readonly [level: number, what: string, request: () => Request][] = [
  [1, "a queued message", () => post("/api/v1/messages/send", order, { prefer: "respond-async" })],
  [1, "a batch", () => post("/api/v1/messages/batch", { messages: [order] })],
  [2, "a send", () => post("/api/v1/messages/send", order)],
  [2, "a read receipt", () => post("/api/v1/messages/read", { ...order, whatsapp_message_id: "wamid.x" })],
  [2, "an upload", () => new Request("http://localhost/api/v1/media", { method: "POST", body: "x" })],
  [3, "a status", () => new Request("http://localhost/api/v1/messages/m-1/status")],
  [3, "a list", () => new Request("http://localhost/api/v1/messages")],
  [3, "a count", () => new Request("http://localhost/api/v1/usage")],
  [4, "a webhook", webhook],
  [5, "a resolve", () => post("/api/v1/messages/m-1/resolve", { action: "resend" })],
  [5, "a replay", () => post("/api/v1/admin/history/replay", {})],
  [5, "a health check", () => new Request("http://localhost/healthz")],
  [5, "a readiness check", () => new Request("http://localhost/readyz")],
];

function post(path: string, body: object, headers: Record<string, string> = {}): Request {
  const sent = { "content-type": "application/json", ...headers };
  return new Request(`http://localhost${path}`, { method: "POST", headers: sent, body: JSON.stringify(body) });
}

function webhook(): Request {
  const body = JSON.stringify({ object: "whatsapp_business_account", entry: [] });
  const signature = createHmac("sha256", appSecrets[0] ?? "")
    .update(body)
    .digest("hex");
  const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
  return new Request("http://localhost/webhooks/whatsapp", { method: "POST", headers, body });
}

describe.each([0, 1, 2, 3, 4])("a server whose overload is %i", (level) => {
  it.each(requests)("refuses from %i on %s", async (from, _, request) => {
    const { app, sender } = createTestApp({ overload: { level } });
    const answer = await app.request(request());
    if (level < from) {
      expect(answer.status).not.toBe(503);
      return;
    }
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe(String(2 ** level));
    expect(await answer.json()).toMatchObject({ type: "/problems/unavailable", retry_after_seconds: 2 ** level });
    expect((await sender.list())._unsafeUnwrap().messages).toEqual([]);
  });
});

it("a server does what it is asked as soon as it is not overloaded any more, and logs why it did not", async () => {
  const overload = { level: 2 };
  const { send, lines, ports } = createTestApp({ overload });
  expect((await send(order)).status).toBe(503);
  expect(lines.at(-1)).toMatchObject({ fields: { http_status: 503, reason: "the server is overloaded" } });
  expect(ports.transport.submissions).toEqual([]);
  overload.level = 1;
  expect((await send(order)).status).toBe(200);
});

it("an overloaded server shows its metrics", async () => {
  const metrics = { contentType: "text/plain", metrics: async () => "" };
  const { app } = createTestApp({ overload: { level: 4 }, metrics });
  expect((await app.fetch(new Request("http://localhost/metrics"))).status).toBe(200);
});

it("an overloaded server does not look at the caller", async () => {
  const access = () => {
    throw new Error("It is not asked.");
  };
  const { send } = createTestApp({ overload: { level: 2 }, access });
  expect((await send(order)).status).toBe(503);
});
