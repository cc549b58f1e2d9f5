import { createMessageSender, Secret } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import { errAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";
import { type AccessCheck, type AccessDecision, createHttpApp, createWebhookApp, type Scope } from "../index.ts";

const everyScope: readonly Scope[] = ["send", "read", "admin", "metrics", "console"];

interface Call {
  readonly scope: Scope;
  /** Makes a request to the route. */
  request(messageId: string): Request;
  /** The status for a caller who may make the request. Default: 200. */
  readonly admitted?: number;
  /** The status for a caller of another tenant. Default: 404. */
  readonly foreign?: number;
}

const json = (method: string, path: string, body?: object) =>
  new Request(`http://localhost${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });

const { tenant_id, outlet_id } = order;

function mediaForm(): Request {
  const field = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const file = 'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf';
  const body = `${field("tenant_id", tenant_id)}${field("outlet_id", outlet_id)}--x\r\n${file}\r\n\r\n%PDF-1.7\r\n--x--\r\n`;
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  return new Request("http://localhost/api/v1/media", { method: "POST", body, headers });
}

/** Every route that needs access. */
const calls: Record<string, Call> = {
  "POST /api/v1/messages/send": { scope: "send", request: () => json("POST", "/api/v1/messages/send", order) },
  // Refuses each message of another tenant on its own.
  "POST /api/v1/messages/batch": {
    scope: "send",
    request: () => json("POST", "/api/v1/messages/batch", { messages: [order] }),
    admitted: 202,
    foreign: 202,
  },
  "POST /api/v1/messages/read": {
    scope: "send",
    request: () => json("POST", "/api/v1/messages/read", { tenant_id, outlet_id, whatsapp_message_id: "wamid.x" }),
  },
  "POST /api/v1/media": { scope: "send", request: mediaForm },
  "GET /api/v1/messages": { scope: "read", request: () => json("GET", `/api/v1/messages?tenant_id=${tenant_id}`) },
  "GET /api/v1/messages/:messageId": { scope: "read", request: (id) => json("GET", `/api/v1/messages/${id}`) },
  "GET /api/v1/messages/:messageId/status": {
    scope: "read",
    request: (id) => json("GET", `/api/v1/messages/${id}/status`),
  },
  "POST /api/v1/messages/:messageId/resolve": {
    scope: "admin",
    request: (id) => json("POST", `/api/v1/messages/${id}/resolve`, { action: "abandon" }),
  },
  "POST /api/v1/messages/:messageId/cancel": {
    scope: "admin",
    request: (id) => json("POST", `/api/v1/messages/${id}/cancel`),
    admitted: 409,
  },
  "POST /api/v1/messages/cancel": {
    scope: "admin",
    request: () => json("POST", "/api/v1/messages/cancel", { tenant_id }),
  },
  "POST /api/v1/messages/resolve": {
    scope: "admin",
    request: () => json("POST", "/api/v1/messages/resolve", { action: "abandon", tenant_id }),
  },
  "POST /api/v1/pauses": {
    scope: "admin",
    request: () => json("POST", "/api/v1/pauses", { tenant_id, reason: "The shop moves." }),
    admitted: 201,
  },
  // Lists the pauses of the caller's own tenants.
  "GET /api/v1/pauses": { scope: "admin", request: () => json("GET", "/api/v1/pauses"), foreign: 200 },
  "DELETE /api/v1/pauses/:pauseId": {
    scope: "admin",
    request: () => json("DELETE", `/api/v1/pauses/tenant:${tenant_id}`),
    admitted: 404,
  },
  // Describes the queue of the caller's own tenants.
  "GET /api/v1/queue": { scope: "read", request: () => json("GET", `/api/v1/queue?tenant_id=${tenant_id}`) },
  "GET /api/v1/usage": { scope: "read", request: () => json("GET", `/api/v1/usage?tenant_id=${tenant_id}`) },
  "GET /api/v1/webhooks": { scope: "read", request: () => json("GET", "/api/v1/webhooks"), foreign: 403 },
  "POST /api/v1/webhooks/forward": {
    scope: "admin",
    request: () => json("POST", "/api/v1/webhooks/forward"),
    foreign: 403,
  },
  "POST /api/v1/admin/callbacks/replay": {
    scope: "admin",
    request: () => json("POST", "/api/v1/admin/callbacks/replay"),
    foreign: 403,
  },
  "POST /api/v1/admin/callbacks/discard": {
    scope: "admin",
    request: () => json("POST", "/api/v1/admin/callbacks/discard"),
    foreign: 403,
  },
  "POST /api/v1/admin/history/replay": {
    scope: "admin",
    request: () => json("POST", "/api/v1/admin/history/replay"),
    foreign: 403,
  },
  // Erases nothing of other tenants.
  "POST /api/v1/admin/erase": {
    scope: "admin",
    request: () => json("POST", "/api/v1/admin/erase", { to: "+628111111111" }),
    foreign: 200,
  },
  // A store in memory has no backup.
  "POST /api/v1/admin/backup": {
    scope: "admin",
    request: () => json("POST", "/api/v1/admin/backup"),
    admitted: 409,
    foreign: 403,
  },
};

/** Routes that are open, or authenticated in another way. */
const openRoutes = [
  "GET /docs",
  "GET /docs/:file",
  "GET /openapi.json",
  "GET /healthz",
  "GET /readyz",
  "GET /webhooks/whatsapp",
  "POST /webhooks/whatsapp",
];

/** An app with a message of `order`'s tenant whose outcome is unknown, and what was asked of the access check. */
async function createGuardedApp() {
  let decision: AccessDecision = { tenants: "all", scopes: everyScope };
  const asked: Request[] = [];
  const test = createTestApp({
    access: (request) => {
      asked.push(request);
      return decision;
    },
  });
  test.ports.transport.answerWith({ kind: "Ambiguous", sawSuccess: false, cause: "connection reset" });
  const sent = await test.send({ ...order, on_ambiguous: "hold" });
  const messageId = String(sent.json["message_id"]);
  asked.length = 0;
  const before = test.ports.transport.submissions.length;
  async function call({ request }: Call, as: AccessDecision) {
    decision = as;
    const answer = await test.app.request(request(messageId));
    return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Record<string, unknown> };
  }
  return { ...test, asked, call, submitted: () => test.ports.transport.submissions.length - before };
}

describe("access", () => {
  it("is checked by every route except the open ones", async () => {
    const { app } = await createGuardedApp();
    const routes = app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
    expect([...new Set(routes)].toSorted()).toEqual([...Object.keys(calls), ...openRoutes].toSorted());
  });

  describe.each(Object.entries(calls))("of %s", (_, call) => {
    it("admits a caller with the scope and the tenant", async () => {
      const { call: make, asked } = await createGuardedApp();
      const tenants = call.foreign === undefined ? [tenant_id] : "all";
      const { status } = await make(call, { tenants, scopes: [call.scope] });
      expect(status).toBe(call.admitted ?? 200);
      expect(asked).toHaveLength(1);
    });

    it("answers 401 to an unauthenticated caller", async () => {
      const { call: make, submitted, lines } = await createGuardedApp();
      const answer = await make(call, { refused: "unauthenticated", detail: "Who are you?", callerHint: "aB3d" });
      expect(answer).toMatchObject({ status: 401, json: { type: "/problems/unauthenticated" } });
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
      expect(lines.at(-1)?.fields).toMatchObject({ http_status: 401, reason: "Who are you?", caller_hint: "aB3d" });
      expect(submitted()).toBe(0);
    });

    it("answers 429 to a caller with too many requests, with the headers of the check", async () => {
      const { call: make, submitted, lines } = await createGuardedApp();
      const headers = { ratelimit: '"default";r=0;t=7' };
      const refused = { refused: "too-many-requests", retryAfterSeconds: 7, caller: "key_1", headers } as const;
      const answer = await make(call, refused);
      expect(answer).toMatchObject({
        status: 429,
        json: { type: "/problems/too-many-requests", retry_after_seconds: 7 },
      });
      expect([answer.headers.get("retry-after"), answer.headers.get("ratelimit")]).toEqual(["7", headers.ratelimit]);
      expect(lines.at(-1)?.fields).toMatchObject({ caller: "key_1", http_status: 429 });
      expect(submitted()).toBe(0);
    });

    it("answers 403 to a forbidden caller, with the detail", async () => {
      const { call: make } = await createGuardedApp();
      expect(await make(call, { refused: "forbidden", detail: "The key has expired." })).toMatchObject({
        status: 403,
        json: { type: "/problems/forbidden", detail: "The key has expired." },
      });
    });

    it("answers 403 to a caller without the scope", async () => {
      const { call: make, submitted } = await createGuardedApp();
      const scopes = everyScope.filter((scope) => scope !== call.scope);
      expect(await make(call, { tenants: "all", scopes })).toMatchObject({
        status: 403,
        json: { type: "/problems/forbidden", detail: `This needs the scope ${call.scope}.` },
      });
      expect(submitted()).toBe(0);
    });

    it("hides the messages of other tenants", async () => {
      const { call: make, submitted } = await createGuardedApp();
      const answer = await make(call, { tenants: ["another-tenant"], scopes: everyScope });
      expect(answer.status).toBe(call.foreign ?? 404);
      expect(submitted()).toBe(0);
    });

    it("fails closed if the check decides nothing", async () => {
      const { call: make, lines } = await createGuardedApp();
      expect(await make(call, undefined as never)).toMatchObject({ status: 500 });
      expect(lines.some(({ level }) => level === "error")).toBe(true);
    });
  });

  it("fails closed if the check throws", async () => {
    const access = () => Promise.reject(new Error("the key store is away"));
    const { send, ports } = createTestApp({ access });
    const { status, text } = await send(order);
    expect(status).toBe(500);
    expect(text).not.toContain("key store");
    expect(ports.transport.submissions).toEqual([]);
  });

  it.each([
    ["tenants as a string", { tenants: tenant_id + tenant_id, scopes: everyScope }],
    ["another word for all tenants", { tenants: "ALL", scopes: everyScope }],
    ["no tenants", { scopes: everyScope }],
    ["scopes as a string", { tenants: "all", scopes: "send,read,admin" }],
    ["no scopes", { tenants: "all" }],
    ["an unknown refusal", { refused: "later" }],
    ["true", true],
  ])("fails closed if the check returns %s", async (_, decision) => {
    const { call, submitted, lines } = await createGuardedApp();
    for (const each of Object.values(calls)) {
      expect(await call(each, decision as never)).toMatchObject({ status: 500 });
    }
    expect(submitted()).toBe(0);
    expect(lines.find(({ level }) => level === "error")?.fields["stack"]).toContain("The access check must return");
  });

  it("fails closed if the check throws something that is not an Error", async () => {
    const { send } = createTestApp({ access: () => Promise.reject(undefined) });
    expect((await send(order)).status).toBe(500);
  });

  it("is checked before the body is read", async () => {
    const { app } = createTestApp({ access: async () => ({ refused: "unauthenticated" }) });
    const request = json("POST", "/api/v1/messages/send", order);
    expect((await app.request(request)).status).toBe(401);
    expect(request.bodyUsed).toBe(false);
  });

  it("answers the same for a foreign tenant and an unknown one", async () => {
    const { call } = await createGuardedApp();
    const send = calls["POST /api/v1/messages/send"] as Call;
    const foreign = await call(send, { tenants: [], scopes: ["send"] });
    const unknown = createTestApp();
    Object.assign(unknown.ports.credentials, { lookup: () => errAsync({ kind: "OutletUnknown" }) });
    const { instance: _, ...problem } = (await unknown.send(order)).json;
    expect(foreign.json).toMatchObject(problem);
    expect(foreign.status).toBe(404);
  });

  it("is required", () => {
    const ports = createTestPorts();
    const sender = createMessageSender(ports);
    const options = { sender, clock: ports.clock };
    // @ts-expect-error
    expect(() => createHttpApp(options)).toThrow(/^createHttpApp needs `access`: .*"open"/);
    const odd = "closed" as unknown as AccessCheck;
    expect(() => createHttpApp({ ...options, access: odd })).toThrow(TypeError);
  });
});

describe("createWebhookApp", () => {
  it("serves webhooks only", async () => {
    const ports = createTestPorts();
    const sender = createMessageSender(ports);
    const app = createWebhookApp({ sender, clock: ports.clock, appSecrets: [], verifyToken: new Secret("verify-me") });
    const handshake = "hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=42";
    expect(await (await app.request(`/webhooks/whatsapp?${handshake}`)).text()).toBe("42");
    expect((await app.request("/webhooks/whatsapp", { method: "POST" })).status).toBe(401);
    expect((await app.request("/webhooks/whatsapp", { method: "PUT" })).status).toBe(405);
    for (const call of Object.values(calls)) expect((await app.request(call.request("some-id"))).status).toBe(404);
    expect((await app.request("/readyz")).status).toBe(404);
  });

  it("refuses secrets with which anybody could sign", () => {
    const sender = createMessageSender(createTestPorts());
    const [empty, secret] = [new Secret(""), new Secret("app-secret")];
    for (const secrets of [
      { appSecrets: [secret, empty], verifyToken: secret },
      { appSecrets: [secret], verifyToken: empty },
      { appSecrets: [undefined as unknown as Secret], verifyToken: secret },
      { appSecrets: ["app-secret" as unknown as Secret], verifyToken: secret },
    ]) {
      expect(() => createWebhookApp({ sender, ...secrets })).toThrow(/^webhooks: .*`appSecrets`.*not empty/);
    }
  });
});
