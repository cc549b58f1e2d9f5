import { networkInterfaces } from "node:os";

import { revokeKey } from "@message-sender/http-adapter/api-keys";
import { request } from "undici";
import { describe, expect, it } from "vitest";

import { apiKeysFile, newKey } from "../../support/api-keys.ts";
import { rawExchange } from "../../support/raw-exchange.ts";
import { order, startService } from "../../support/running-service.ts";

/** An address that other hosts can reach. A machine without a network has none. */
const address =
  Object.values(networkInterfaces())
    .flat()
    .find((each) => each !== undefined && !each.internal && each.family === "IPv4")?.address ?? "0.0.0.0";

const outlets = (name: string) => ({
  [`${name}-outlet`]: { waba_access_token: `EAA${name}`, phone_number_id: name === "ours" ? "1001" : "1002" },
});
const tenants = { ours: { outlets: outlets("ours") }, theirs: { outlets: outlets("theirs") } };
const orderOf = (name: string) => ({ ...order, tenant_id: name, outlet_id: `${name}-outlet` });

/** A server with keys, which others can reach, and a key of all tenants. */
async function startGuarded() {
  const path = await apiKeysFile();
  const all = await newKey(path);
  const service = await startService({
    sandbox: { tenants },
    environment: { API_KEYS_FILE: path, HOST: address },
    host: address,
  });
  /** Creates a key and waits until the server knows it. */
  async function withKey(change: Parameters<typeof newKey>[1]) {
    const created = await newKey(path, change);
    const isKnown = async () => {
      const answer = await request(`${service.url}/api/v1/messages/none`, { headers: created.bearer });
      await answer.body.dump();
      return answer.statusCode !== 401;
    };
    await expect.poll(isKnown, { interval: 50 }).toBe(true);
    return created;
  }
  const sentBy = async (name: string, bearer: Record<string, string>) => {
    const sent = await service.send(orderOf(name), bearer);
    expect(sent.status).toBe(200);
    return String(sent.body["message_id"]);
  };
  return { ...service, path, all, withKey, sentBy };
}

const multipart = (tenantId: string) => {
  const field = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const file =
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--x--\r\n';
  return `${field("tenant_id", tenantId)}${field("outlet_id", "theirs-outlet")}${file}`;
};
const readReceipt = (tenantId: string) =>
  JSON.stringify({ tenant_id: tenantId, outlet_id: "theirs-outlet", whatsapp_message_id: "wamid.x" });

/** Requests about what belongs to a tenant: `tenantId` is its id, `messageId` a message of it. */
const requests: Record<string, (tenantId: string, messageId: string) => readonly [string, string?, string?]> = {
  status: (_, messageId) => [`GET /api/v1/messages/${messageId}/status`],
  record: (_, messageId) => [`GET /api/v1/messages/${messageId}`],
  resolve: (_, messageId) => [`POST /api/v1/messages/${messageId}/resolve`, '{"action":"abandon"}'],
  send: (tenantId) => ["POST /api/v1/messages/send", JSON.stringify({ ...orderOf("theirs"), tenant_id: tenantId })],
  "send under a key": (tenantId) => [
    "POST /api/v1/messages/send",
    JSON.stringify({ ...orderOf("theirs"), tenant_id: tenantId }),
    "Idempotency-Key: of-theirs",
  ],
  read: (tenantId) => ["POST /api/v1/messages/read", readReceipt(tenantId)],
  media: (tenantId) => ["POST /api/v1/media", multipart(tenantId), "Content-Type: multipart/form-data; boundary=x"],
};

/** What every answer has of its own. */
const own = /^(date|ratelimit): .*\r\n/gim;

describe("another host's view of a server with keys", () => {
  it("without a key there is nothing but the open routes", async () => {
    const { url, sandbox } = await startGuarded();
    for (const make of Object.values(requests)) {
      const [target, body = ""] = make("ours", "some-message");
      const answer = await rawExchange(
        url,
        `${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}`,
        body,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 401 .*\r\n(?:.*\r\n)*www-authenticate: Bearer\r\n/i);
      expect(answer).toContain('"type":"/problems/unauthenticated"');
    }
    for (const path of ["/healthz", "/readyz"]) {
      const answer = await request(`${url}${path}`);
      await answer.body.dump();
      expect(answer.statusCode).toBe(200);
    }
    expect(sandbox.graph.requestCount).toBe(0);
  });

  it("what is no key is answered with 401, and not shown", async () => {
    const { url, all } = await startGuarded();
    for (const lines of [
      "Authorization:",
      "Authorization: Bearer",
      `Authorization: Basic ${Buffer.from(`canary:${all.key}`).toString("base64")}`,
      `Authorization: ${all.key}`,
      `Authorization: Bearer ${all.key}x`,
      `Authorization: Bearer ${all.key.slice(0, -1)}`,
      `Authorization: Bearer ${"canary".repeat(1700)}`,
      `Authorization: Bearer ${all.key}\r\nAuthorization: Bearer ${all.key}`,
      `Authorization: Bearer canary\r\nAuthorization: Bearer ${all.key}`,
      `Authorization: Bearer ${all.key}\r\nAuthorization: Bearer canary`,
      `X-Api-Key: ${all.key}`,
      `Cookie: authorization=${all.key}`,
    ]) {
      const answer = await rawExchange(
        url,
        `GET /api/v1/messages/none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}`,
      );
      expect(answer, lines).toMatch(/^HTTP\/1\.1 401 /);
      expect(answer).not.toMatch(/canary|msk_/);
    }
    const right = await rawExchange(
      url,
      `GET /api/v1/messages/none HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: bearer ${all.key}`,
    );
    expect(right).toMatch(/^HTTP\/1\.1 404 /);
  });

  it.each(Object.entries(requests))(
    "%s: what belongs to another tenant is answered like what does not exist, byte for byte",
    async (_, make) => {
      const { url, withKey, sentBy, all, send } = await startGuarded();
      const theirs = await sentBy("theirs", all.bearer);
      await send(orderOf("theirs"), { ...all.bearer, "idempotency-key": "of-theirs" });
      // The key may use the tenant `ghosts`, which does not exist: its answers are the honest "unknown".
      const { key } = await withKey({ tenants: ["ours", "ghosts"] });
      const unknown = theirs.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
      const answers = await Promise.all(
        [make("theirs", theirs), make("ghosts", unknown)].map(([target, body = "", type]) =>
          rawExchange(
            url,
            [
              `${target} HTTP/1.1`,
              "Host: x",
              "Connection: close",
              `Authorization: Bearer ${key}`,
              "X-Request-Id: the-same",
              "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
              ...(type?.startsWith("Content-Type") ? [] : ["Content-Type: application/json"]),
              ...(type === undefined ? [] : [type]),
              `Content-Length: ${body.length}`,
            ].join("\r\n"),
            body,
          ),
        ),
      );
      const [foreign = "", honest = ""] = answers.map((answer) => answer.replace(own, ""));
      expect(foreign).toMatch(/^HTTP\/1\.1 404 /);
      expect(foreign).toBe(honest);
    },
  );

  it("lists have nothing of another tenant, and to ask for it is answered like for one that does not exist", async () => {
    const { url, withKey, sentBy, send, all } = await startGuarded();
    await send({ ...orderOf("theirs"), reference: "of-theirs" }, all.bearer);
    const mine = await sentBy("ours", all.bearer);
    const { key } = await withKey({ tenants: ["ours"], scopes: ["read"] });
    const list = async (query: string) => {
      const answer = await rawExchange(
        url,
        [
          `GET /api/v1/messages?${query} HTTP/1.1`,
          "Host: x",
          "Connection: close",
          `Authorization: Bearer ${key}`,
          "X-Request-Id: the-same",
          "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ].join("\r\n"),
      );
      return answer.replace(own, "");
    };
    const foreign = await list("tenant_id=theirs");
    expect(foreign).toMatch(/^HTTP\/1\.1 404 /);
    expect(foreign).toBe(await list("tenant_id=nobody"));
    expect(await list("reference=of-theirs")).toBe(await list("reference=of-nobody"));
    expect(await list("outlet_id=theirs-outlet")).toBe(await list("outlet_id=no-outlet"));
    const everything = await list("limit=100");
    expect(everything).toContain(mine);
    expect(everything).not.toContain("theirs");
  });

  it("the tenant's own key, and one of all tenants, see what is theirs", async () => {
    const { withKey, sentBy, all, url } = await startGuarded();
    const { bearer } = await withKey({ tenants: ["theirs"] });
    const messageId = await sentBy("theirs", bearer);
    for (const headers of [bearer, all.bearer]) {
      const answer = await request(`${url}/api/v1/messages/${messageId}`, { headers });
      expect([answer.statusCode, await answer.body.json()]).toMatchObject([200, { tenant_id: "theirs" }]);
    }
  });

  it("a key does what its scopes say", async () => {
    const { withKey, post, url, all, sentBy } = await startGuarded();
    const messageId = await sentBy("ours", all.bearer);
    const expected = { send: [200, 403, 403], read: [403, 200, 403], admin: [403, 403, 409], metrics: [403, 403, 403] };
    for (const [scope, statuses] of Object.entries(expected)) {
      const { bearer } = await withKey({ tenants: ["ours"], scopes: [scope as keyof typeof expected] });
      const read = await request(`${url}/api/v1/messages/${messageId}/status`, { headers: bearer });
      await read.body.dump();
      const sent = await post("/api/v1/messages/send", orderOf("ours"), bearer);
      const resolved = await post(`/api/v1/messages/${messageId}/resolve`, { action: "abandon" }, bearer);
      expect([sent.status, read.statusCode, resolved.status], scope).toEqual(statuses);
      if (scope !== "send") expect(sent.body).toMatchObject({ detail: "This needs the scope send." });
    }
    const { bearer } = await withKey({ tenants: ["ours"] });
    expect((await post("/api/v1/admin/history/replay", {}, bearer)).status).toBe(403);
    expect((await post("/api/v1/admin/history/replay", {}, all.bearer)).status).toBe(200);
  });

  it("of two live keys one can be revoked; it stops, and the other one goes on", async () => {
    const { path, withKey, send } = await startGuarded();
    const [before, after] = [await withKey({ tenants: ["ours"] }), await withKey({ tenants: ["ours"] })];
    expect((await send(orderOf("ours"), before.bearer)).status).toBe(200);
    (await revokeKey(path, before.id))._unsafeUnwrap();
    await expect.poll(async () => (await send(orderOf("ours"), before.bearer)).status, { interval: 50 }).toBe(401);
    expect((await send(orderOf("ours"), after.bearer)).status).toBe(200);
  });

  it("a key's answers count its requests down, refused ones too, and then tell when to come back", async () => {
    const { withKey, send, get, url } = await startGuarded();
    const { bearer } = await withKey({
      tenants: ["ours"],
      scopes: ["send"],
      rateLimit: { requestsPerSecond: 1, burst: 3600 },
    });
    const remaining = (headers: Readonly<Record<string, unknown>>) =>
      Number(/^"default";r=(\d+);t=\d+$/.exec(String(headers["ratelimit"]))?.[1]);
    const first = await send(orderOf("ours"), bearer);
    expect(first.headers["ratelimit-policy"]).toBe('"default";q=3600;w=3600');
    const left = remaining(first.headers);
    expect(left).toBeGreaterThan(3500);
    const invalid = await send({}, bearer);
    const forbidden = await request(`${url}/api/v1/messages/none`, { headers: bearer });
    await forbidden.body.dump();
    expect([invalid, first].map(({ status }) => status)).toEqual([400, 200]);
    expect([remaining(invalid.headers), remaining(forbidden.headers)]).toEqual([left - 1, left - 2]);
    expect((await get("/healthz")).headers["ratelimit"]).toBeUndefined();

    const small = await withKey({ tenants: ["ours"], rateLimit: { requestsPerSecond: 1, burst: 100 } });
    let last = await send({}, small.bearer);
    while (last.status !== 429) last = await send({}, small.bearer);
    expect(last).toMatchObject({
      status: 429,
      body: { type: "/problems/too-many-requests", status: 429, retry_after_seconds: expect.any(Number) },
      headers: { ratelimit: expect.stringMatching(/^"default";r=0;t=\d+$/) },
    });
    expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
  });
});

describe("a Host and an Origin, with keys", () => {
  it("any Host is answered, and a page of another host may change nothing", async () => {
    const { send, all } = await startGuarded();
    const statusOf = async (headers: Record<string, string>) =>
      (await send(orderOf("ours"), { ...all.bearer, ...headers })).status;
    expect(await statusOf({ host: "crm.example:8080" })).toBe(200);
    expect(await statusOf({ host: "crm.example:8080", origin: "https://crm.example" })).toBe(200);
    expect(await statusOf({ host: "crm.example", origin: "http://localhost:5173" })).toBe(200);
    for (const origin of ["https://evil.example", "null", "https://crm.example.evil.example"]) {
      expect(await statusOf({ host: "crm.example", origin })).toBe(403);
    }
  });

  it("ALLOWED_HOSTS is checked where it is set", async () => {
    const path = await apiKeysFile();
    const { bearer } = await newKey(path);
    const { send } = await startService({ environment: { API_KEYS_FILE: path, ALLOWED_HOSTS: "crm.example" } });
    const statusOf = async (headers: Record<string, string>) => (await send(order, { ...bearer, ...headers })).status;
    expect(await statusOf({ host: "crm.example" })).toBe(200);
    expect(await statusOf({ host: "other.example" })).toBe(403);
    expect(await statusOf({ host: "crm.example", origin: "https://other.example" })).toBe(403);
  });
});

it("the log says why a request was refused, and how its key begins, if it is one", async () => {
  const path = await apiKeysFile();
  const revoked = await newKey(path);
  (await revokeKey(path, revoked.id))._unsafeUnwrap();
  const { key } = await newKey(path, { scopes: ["read"] });
  const { send, log } = await startService({ environment: { API_KEYS_FILE: path } });
  const lineOf = async (authorization?: string) => {
    const before = log.length;
    await send(order, authorization === undefined ? {} : { authorization });
    return JSON.parse(log.slice(before).join("")) as Record<string, unknown>;
  };
  const refused = { http_status: 401, problem: "unauthenticated" };
  expect(await lineOf()).toMatchObject({ ...refused, reason: expect.stringContaining("has no API key") });
  expect(await lineOf(`Bearer ${revoked.key}`)).toMatchObject({
    ...refused,
    reason: "The API key is not valid: it may have been revoked.",
    caller_hint: revoked.key.slice(4, 8),
  });
  const mistyped = await lineOf(`Bearer ${key.slice(0, -1)}`);
  expect(mistyped).toMatchObject({ reason: expect.stringContaining("mistyped"), caller_hint: key.slice(4, 8) });
  for (const other of ["Bearer canary-of-another-system-0123456789", "Bearer msk_canary", "Basic Y2FuYXJ5"]) {
    const line = await lineOf(other);
    expect(line).toMatchObject({ ...refused, reason: expect.any(String) });
    expect(line).not.toHaveProperty("caller_hint");
  }
  expect(await lineOf(`Bearer ${key}`)).toMatchObject({ http_status: 403, reason: "This needs the scope send." });
  expect(log.join("\n")).not.toMatch(new RegExp(`msk_|canary|Y2FuYXJ5|${revoked.key.slice(8)}|${key.slice(8, -1)}`));
});

it("the log names the key of a caller, and the address that a trusted proxy says", async () => {
  const path = await apiKeysFile();
  const { id, key, bearer } = await newKey(path);
  const { send, log } = await startService({
    environment: { API_KEYS_FILE: path, TRUSTED_PROXIES: "127.0.0.0/8, 10.0.0.1" },
  });
  await send(order, { ...bearer, "x-forwarded-for": "198.51.100.7, 203.0.113.9, 10.0.0.1" });
  const line = log.map((each) => JSON.parse(each) as Record<string, unknown>).find(({ msg }) => msg === "request");
  expect(line).toMatchObject({ caller: id, client_address: "203.0.113.9", http_status: 200 });
  expect(log.join("\n")).not.toContain(key.slice(8));
});
