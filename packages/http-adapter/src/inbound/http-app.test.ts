import { createMessageSender } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import type { TelemetryEvent } from "@message-sender/core/adapter";
import { describe, expect, it } from "vitest";

import { createTestApp, order, type RequestBody } from "../../test/app.ts";
import { createHttpApp } from "./index.ts";

const canary = "CANARY-4711";

/** Each of these gets 400, and none of it comes back. */
const bodies: Record<string, string | Uint8Array<ArrayBuffer>> = {
  empty: "",
  "an open brace": "{",
  "a trailing comma": `{"to":"${canary}",}`,
  "a comment": `{/*${canary}*/}`,
  NaN: `{"to":NaN}`,
  "single quotes": `{'to':'${canary}'}`,
  null: "null",
  "an array": "[]",
  "a string": `"${canary}"`,
  "a number": "5",
  "invalid UTF-8": new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
  "a byte order mark": `\uFEFF${JSON.stringify(order)}`,
  "arrays nested 30,000 deep": `${"[".repeat(30_000)}${"]".repeat(30_000)}`,
  "objects nested deep in a message": JSON.stringify(order).replace(
    '"Hello! Your order is ready."',
    `${'{"a":'.repeat(9000)}1${"}".repeat(9000)}`,
  ),
  "5,000 keys": JSON.stringify({
    ...order,
    ...Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1])),
  }),
  "an own __proto__": JSON.stringify(order).replace("{", '{"__proto__":{"admin":true},'),
  "an own __proto__ in the message": JSON.stringify(order).replace(
    '"Hello! Your order is ready."',
    '{"body":"x","__proto__":{"admin":true}}',
  ),
};

const changes: Record<string, Record<string, unknown>> = {
  "a key named constructor": { constructor: canary },
  "a key named toString": { toString: canary },
  "an unknown field": { colour: canary },
  "an unknown field without a plain name": { [`${canary}\u202E`]: 1 },
  "a status": { status: "sent" },
  "a wamid": { wamid: canary },
  "a reply_to with a space": { reply_to: `wamid.x ${canary}` },
  "a reply_to of 513 characters": { reply_to: "w".repeat(513) },
  "a reply_to that is a number": { reply_to: 7 },
  "a reply_to beside a reaction": {
    reply_to: "wamid.x",
    message_type: "reaction",
    message: { message_id: "wamid.x", emoji: "👍" },
  },
  "a ttl_seconds of 0": { ttl_seconds: 0 },
  "a ttl_seconds that is negative": { ttl_seconds: -1 },
  "a ttl_seconds that is not whole": { ttl_seconds: 1.5 },
  "a ttl_seconds of more than ten years": { ttl_seconds: 315_360_001 },
  "a ttl_seconds that is a string": { ttl_seconds: "60" },
  "a scheduled_at without an offset": { scheduled_at: "2030-01-01T00:00:00" },
  "a scheduled_at that is a date": { scheduled_at: "2030-01-01" },
  "a scheduled_at that does not exist": { scheduled_at: "2026-02-30T00:00:00Z" },
  "a scheduled_at that is a number": { scheduled_at: 1_763_719_391 },
  "no tenant": { tenant_id: undefined },
  "a tenant that is not an identifier": { tenant_id: `${canary}/` },
  "an outlet that is a number": { outlet_id: 7 },
  "a conversation that climbs": { conversation_id: "../../etc/passwd" },
  "a type that Meta does not have": { message_type: "hologram" },
  "a type that every object has": { message_type: "constructor", message: {} },
  "a string for a type that has none": { message_type: "image", message: "https://example.com/a.png" },
  "a media link to loopback": { message_type: "image", message: { link: `https://127.1/${canary}` } },
  "a media link that is not https": { message_type: "video", message: { link: `http://example.com/${canary}` } },
  "a template whose name climbs": { message_type: "template", message: { name: "../me", language: { code: "en" } } },
  "a template whose name is too long": {
    message_type: "template",
    message: { name: "a".repeat(600), language: { code: "en" } },
  },
  "a template's parameter with a newline": {
    message_type: "template",
    message: {
      name: "hello",
      language: { code: "en" },
      components: [{ type: "body", parameters: [{ type: "text", text: `a\n${canary}` }] }],
    },
  },
  "no message": { message: undefined },
  "a message that is a number": { message: 7 },
  "a message with NUL in an unknown field": { message: { body: "x", [canary]: "\u0000" } },
  "a text of spaces": { message: " \n\t " },
  "a text of zero-width characters and direction marks": { message: "\u200B\u200D\u200E\u202E\u2066\uFEFF" },
  "a text with NUL": { message: `${canary}\u0000` },
  "a text with half of a surrogate pair": { message: "x\uD83D" },
  "a text with an escape": { message: "x\u001B[31m" },
  "a text with a carriage return alone": { message: "x\r" },
  "a text of 4,097 characters": { message: "x".repeat(4097) },
  "a reference of 256 characters": { reference: "r".repeat(256) },
  "a reference with a control character": { reference: "a\u0007" },
  "a policy that is not one": { on_ambiguous: "maybe" },
};

const recipients: readonly unknown[] = [
  "628123456789",
  "+62 812 3456 789",
  "+62812-3456-789",
  "+62812ABC6789",
  "++628123456789",
  "+0123456789",
  "+12345",
  "+1234567890123456",
  "+６２８１２３４５６７８９",
  "+628123456789\n",
  "US.",
  "us.13491208655302741918",
  "USA.13491208655302741918",
  "US.1349-1208",
  `US.${"1".repeat(129)}`,
  "+1'; DROP TABLE messages; --",
  "",
  628123456789,
  { e164: "+628123456789" },
  ["+628123456789"],
  null,
];

describe("a send rejects", () => {
  async function expectRefusal(body: RequestBody) {
    const { post, ports } = createTestApp();
    const { status, headers, text, json } = await post(body);
    expect(status).toBe(400);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(json).toMatchObject({
      type: "/problems/invalid-request",
      status: 400,
      instance: headers.get("x-request-id"),
    });
    expect(text).not.toContain(canary);
    expect(ports.transport.submissions).toEqual([]);
    expect(ports.telemetry.events).toEqual([]);
  }

  it.each(Object.entries(bodies))("a body: %s", (_, body) => expectRefusal(body));
  it.each(Object.entries(changes))("%s", (_, change) => expectRefusal(JSON.stringify({ ...order, ...change })));
  it.each(recipients.map((to) => [JSON.stringify(to), to]))("to: %s", (_, to) =>
    expectRefusal(JSON.stringify({ ...order, to })),
  );

  it("with a pointer to each error", async () => {
    const { send } = createTestApp();
    const { json } = await send({ ...order, to: "1", outlet_id: "x y" });
    expect(json["errors"]).toEqual([
      { pointer: "/outlet_id", detail: expect.any(String) },
      { pointer: "/to", detail: expect.any(String) },
    ]);
    expect((await send({ ...order, message: "" })).json["errors"]).toMatchObject([{ pointer: "/message" }]);
    expect((await send({ ...order, message: { body: "" } })).json["errors"]).toMatchObject([
      { pointer: "/message/body" },
    ]);
    const button = (title: string) => ({ type: "reply", reply: { id: title, title } });
    const action = { buttons: [button("x".repeat(21))] };
    const message = { type: "button", body: { text: "Hi" }, action };
    expect((await send({ ...order, message_type: "interactive", message })).json["errors"]).toEqual([
      { pointer: "/message/action/buttons/0/reply/title", detail: "is longer than 20 characters (code points)" },
    ]);
    const reaction = { message_type: "reaction", message: { message_id: "wamid.x", emoji: "👍" } };
    expect((await send({ ...order, ...reaction, reply_to: "wamid.y" })).json["errors"]).toMatchObject([
      { pointer: "/reply_to" },
    ]);
  });

  it.each([
    ["text/plain", {}],
    ["multipart/form-data; boundary=x", {}],
    ["application/json; charset=utf-16", {}],
    ["application/jsonp", {}],
    ["application/json", { "content-encoding": "gzip" }],
  ])("%s %o: 415", async (contentType, headers) => {
    const { post } = createTestApp();
    const { status, json } = await post(JSON.stringify(order), { "content-type": contentType, ...headers });
    expect([status, json["type"]]).toEqual([415, "/problems/unsupported-media-type"]);
  });

  it("70 KB: 413, with a length and without one", async () => {
    const { post } = createTestApp();
    const body = JSON.stringify({ ...order, message: "x".repeat(70_000) });
    expect((await post(body, { "content-length": String(body.length) })).status).toBe(413);
    expect((await post(new Blob([body]).stream())).status).toBe(413);
  });

  it.each([
    ["empty", ""],
    ["of 256 characters", "k".repeat(256)],
    ["with a space", "a b"],
    ["with a control character", "a\tb"],
    ["that came twice", "a, b"],
    ["beyond ASCII", "schlüssel"],
  ])("an Idempotency-Key %s", async (_, key) => {
    const { post, ports } = createTestApp();
    expect((await post(JSON.stringify(order), { "idempotency-key": key })).status).toBe(400);
    expect(ports.transport.submissions).toEqual([]);
  });

  it.each(["wait=soon", "wait", "wait=-1", "respond-async, wait=soon"])("Prefer: %s", async (prefer) => {
    const { post, ports } = createTestApp();
    expect((await post(JSON.stringify(order), { prefer })).status).toBe(400);
    expect(ports.transport.submissions).toEqual([]);
  });
});

describe("a send accepts", () => {
  it.each([
    ["4,096 characters", "x".repeat(4096)],
    ["4,096 emoji", "😀".repeat(4096)],
    ["right-to-left override", "abc\u202Edef"],
    ["a family emoji", "👨\u200D👩\u200D👧\u200D👦"],
    ["4,000 combining marks", `a${"\u0301".repeat(4000)}`],
    ["newlines and tabs", "a\n\tb"],
  ])("%s, unchanged", async (_, message) => {
    const { send, ports } = createTestApp();
    expect((await send({ ...order, message })).status).toBe(200);
    expect(ports.transport.submissions[0]?.content).toEqual({ type: "text", text: { body: message } });
  });

  it("a text in Meta's own form", async () => {
    const { send, ports } = createTestApp();
    expect((await send({ ...order, message: { body: "https://example.com", preview_url: true } })).status).toBe(200);
    expect(ports.transport.submissions[0]?.content).toEqual({
      type: "text",
      text: { body: "https://example.com", preview_url: true },
    });
  });

  it.each([
    ["text", { body: "Hi", new_field: { a: [1] } }],
    ["image", { link: "https://example.com/a.png", caption: "A" }],
    ["contacts", [{ name: { formatted_name: "Ann" } }]],
    ["reaction", { message_id: "wamid.x", emoji: "" }],
    ["interactive", { type: "not yet invented", action: 1 }],
    ["template", { name: "hello", language: { code: "en" } }],
  ])("Meta's own object, unchanged: %s", async (message_type, message) => {
    const { send, ports } = createTestApp();
    expect((await send({ ...order, message_type, message })).status).toBe(200);
    expect(ports.transport.submissions[0]?.content).toEqual({ type: message_type, [message_type]: message });
  });

  it.each(["US.13491208655302741918", "ID.ENT.a1", `GB.${"x".repeat(128)}`])(
    "a business-scoped user id: %s",
    async (to) => {
      const { send, ports } = createTestApp();
      expect((await send({ ...order, to })).status).toBe(200);
      expect(ports.transport.submissions[0]?.to).toBe(to);
    },
  );

  it("a message to reply to", async () => {
    const { send, ports } = createTestApp();
    expect((await send({ ...order, reply_to: "wamid.HBgN+/=" })).status).toBe(200);
    expect(ports.transport.submissions[0]?.replyTo).toBe("wamid.HBgN+/=");
  });

  it("a charset of UTF-8, and unknown preferences", async () => {
    const { post } = createTestApp();
    const body = JSON.stringify(order);
    const headers = { "content-type": 'Application/JSON; charset="UTF-8"', prefer: "handling=lenient, wait=5" };
    const { status, headers: answered } = await post(body, headers);
    expect([status, answered.get("preference-applied")]).toEqual([200, "wait=5"]);
  });
});

describe("other requests", () => {
  it.each([
    ["GET", "/api/v1/messages/send", "POST"],
    ["DELETE", "/api/v1/messages/some-id", "GET"],
    ["POST", "/api/v1/messages/some-id/status", "GET"],
    ["POST", "/healthz", "GET"],
  ])("%s %s: 405", async (method, path, allow) => {
    const answer = await createTestApp().app.request(path, { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, allow]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  it.each([
    "/",
    "/api/v1/messages/unknown/status",
    "/api/v1/messages/..%2f..%2fetc/status",
    "/api/v1/messages/%00/status",
    "/api/v1/messages/%zz/status",
    "/api/v1/messages/%E0%A4%A",
    `/api/v1/messages/${"x".repeat(10_000)}`,
    "/webhooks/other",
  ])("GET %s: 404", async (path) => {
    const answer = await createTestApp().app.request(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ type: "/problems/not-found" });
  });

  it("reports liveness and readiness", async () => {
    const { app } = createTestApp();
    expect((await app.request("/healthz")).status).toBe(200);
    expect((await app.request("/readyz")).status).toBe(200);
  });

  it("creates a request id and a trace context if the caller's are missing or malformed", async () => {
    const { app } = createTestApp();
    const answer = await app.request("/healthz", { headers: { "x-request-id": "a b", traceparent: "00-0-0-0" } });
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get("traceparent")).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it("logs each request once, without its content", async () => {
    const { send, lines } = createTestApp();
    await send({ ...order, message: canary });
    await send({ ...order, message: canary, to: "1" });
    expect(lines.map(({ fields }) => fields["http_status"])).toEqual([200, 400]);
    expect(JSON.stringify(lines)).not.toContain(canary);
    expect(JSON.stringify(lines)).not.toContain(order.to);
  });

  it("are reported with the pattern of their route, never with the path", async () => {
    const events: TelemetryEvent[] = [];
    const { app } = createTestApp({ allowedHosts: [], telemetry: { record: (event) => void events.push(event) } });
    const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
      app.request(path, { method, headers: { host: "localhost", ...headers } });
    await ask("GET", "/api/v1/messages/message-000007/status");
    await ask("PUT", "/api/v1/messages/message-000007");
    await ask("POST", "/api/v1/messages/send");
    await ask("GET", "/healthz");
    await ask("GET", "/api/v1/secrets/EAAG-token");
    await ask("GET", "/healthz", { host: "elsewhere.example" });
    expect(events).toEqual(
      [
        ["GET", "/api/v1/messages/:messageId/status", 404],
        ["PUT", "/api/v1/messages/:messageId", 405],
        ["POST", "/api/v1/messages/send", 415],
        ["GET", "/healthz", 200],
        ["GET", "none", 404],
        ["GET", "none", 403],
      ].map(([method, route, status]) => ({
        kind: "RequestAnswered",
        method,
        route,
        status,
        durationMs: expect.any(Number),
      })),
    );
  });

  it("answers a defect with 500, without its details", async () => {
    const { app, ports } = createTestApp();
    Object.assign(ports.messages, {
      find: () => {
        throw new Error(canary);
      },
    });
    const answer = await app.request("/api/v1/messages/some-id");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain(canary);
  });

  it("answers as usual while the logger throws", async () => {
    const ports = createTestPorts();
    const fail = () => {
      throw new Error(canary);
    };
    const logger = { info: fail, warn: fail, error: fail };
    const app = createHttpApp({ sender: createMessageSender(ports), clock: ports.clock, access: "open", logger });
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", body: JSON.stringify(order), headers };
    expect((await app.request("/api/v1/messages/send", init)).status).toBe(200);
    Object.assign(ports.messages, { find: fail });
    expect((await app.request("/api/v1/messages/some-id")).status).toBe(500);
  });

  it("can be mounted in another Hono app", async () => {
    const { Hono } = await import("hono");
    const host = new Hono().get("/", (c) => c.text("host")).route("/whatsapp", createTestApp().app);
    expect((await host.request("/whatsapp/healthz")).status).toBe(200);
    expect(await (await host.request("/")).text()).toBe("host");
  });
});
