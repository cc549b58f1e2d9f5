import { describe, expect, it } from "vitest";

import { expectProblem, order, ours, theirs, useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";

const server = useAbusedServer();
const body = JSON.stringify(order);

/** Each route that needs a key, with a body that it would accept or complain about. */
const routes = [
  ["POST", "/api/v1/messages/send", body],
  ["POST", "/api/v1/messages/send", "{"],
  ["POST", "/api/v1/messages/send", "x".repeat(200_000)],
  ["POST", "/api/v1/messages/read", JSON.stringify({ ...ours, whatsapp_message_id: "wamid.1" })],
  ["POST", "/api/v1/media", "--x--"],
  ["GET", "/api/v1/messages", ""],
  ["GET", "/api/v1/messages?limit=0", ""],
  ["GET", "/api/v1/messages/message-1/status", ""],
  ["GET", "/api/v1/messages/message-1", ""],
  ["POST", "/api/v1/messages/message-1/resolve", JSON.stringify({ action: "abandon" })],
  ["POST", "/api/v1/admin/history/replay", ""],
  ["POST", "/api/v1/admin/callbacks/replay", ""],
  ["POST", "/api/v1/admin/callbacks/discard", ""],
  ["POST", "/api/v1/admin/erase", JSON.stringify({ to: "+628123456789" })],
  ["POST", "/api/v1/admin/backup", ""],
  ["GET", "/api/v1/usage", ""],
  ["GET", "/api/v1/webhooks", ""],
  ["POST", "/api/v1/webhooks/forward", ""],
] as const;

/** The header lines of a request without a key that counts. `key` is one that would. */
const withoutKey: Readonly<Record<string, (key: string) => string>> = {
  "no header": () => "",
  "an empty header": () => "Authorization:",
  "the scheme alone": () => "Authorization: Bearer",
  "the scheme and a space": () => "Authorization: Bearer ",
  "the key alone": (key) => `Authorization: ${key}`,
  Basic: (key) => `Authorization: Basic ${Buffer.from(`key:${key}`).toString("base64")}`,
  "the scheme Basic with the key": (key) => `Authorization: Basic ${key}`,
  Digest: (key) => `Authorization: Digest username="${key}"`,
  "another scheme": (key) => `Authorization: Token ${key}`,
  "no space": (key) => `Authorization: Bearer${key}`,
  "a colon": (key) => `Authorization: Bearer: ${key}`,
  "quotes around it": (key) => `Authorization: Bearer "${key}"`,
  "an unknown key": (key) => `Authorization: Bearer ${key.slice(0, -10)}AAAAAAAAAA`,
  "a character less": (key) => `Authorization: Bearer ${key.slice(0, -1)}`,
  "a character more": (key) => `Authorization: Bearer ${key}A`,
  "a character before it": (key) => `Authorization: Bearer A${key}`,
  "the first characters": (key) => `Authorization: Bearer ${key.slice(0, 8)}`,
  "other case": (key) => `Authorization: Bearer ${key.toUpperCase()}`,
  "the key twice": (key) => `Authorization: Bearer ${key} ${key}`,
  "the key and a comma": (key) => `Authorization: Bearer ${key}, Bearer ${key}`,
  "10 KB": () => `Authorization: Bearer ${"a".repeat(10_000)}`,
  "10 KB behind the key": (key) => `Authorization: Bearer ${key}${"a".repeat(10_000)}`,
  "bytes beyond ASCII": (key) => `Authorization: Bearer ${key}\u00e9`,
  "two equal headers": (key) => `Authorization: Bearer ${key}\r\nAuthorization: Bearer ${key}`,
  "a wrong header first": (key) => `Authorization: Bearer canary\r\nAuthorization: Bearer ${key}`,
  "a wrong header second": (key) => `Authorization: Bearer ${key}\r\nAuthorization: Bearer canary`,
  "an empty header first": (key) => `Authorization:\r\nAuthorization: Bearer ${key}`,
  "another header": (key) => `X-Api-Key: ${key}`,
  "a proxy's header": (key) => `Proxy-Authorization: Bearer ${key}`,
  "a header of another name's end": (key) => `X-Authorization: Bearer ${key}`,
  "a cookie": (key) => `Cookie: authorization=Bearer%20${key}`,
  SQL: () => "Authorization: Bearer ' OR '1'='1",
  "a JWT without a signature": () => "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
  __proto__: () => "Authorization: Bearer __proto__",
};

describe(titleOf("auth: no key"), () => {
  it.each(Object.entries(withoutKey))("%s", async (_, linesOf) => {
    const requests = server.sandbox.graph.requestCount;
    const lines = linesOf(server.key);
    for (const [method, path, content] of routes) {
      const head = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close`;
      const text = `${head}${lines && `\r\n${lines}`}\r\nContent-Length: ${content.length}\r\n\r\n${content}`;
      const answer = await server.exchange(Buffer.from(text, "latin1"));
      expect(answer, path).toMatch(/^HTTP\/1\.1 401 /);
      expect(answer).toMatch(/^www-authenticate: Bearer\r$/im);
      expect(answer).toContain('"type":"/problems/unauthenticated"');
      expect(answer).not.toMatch(/msk_|canary|eyJ|Hello/);
    }
    expect(server.sandbox.graph.requestCount).toBe(requests);
  });

  it("a key in the path or the query", async () => {
    for (const path of [
      `/api/v1/messages/message-1?key=${server.key}`,
      `/api/v1/messages/message-1?access_token=${server.key}`,
    ]) {
      const answer = await server.call({ method: "GET", path, headers: { authorization: [] } });
      expect(answer.status).toBe(401);
      expectProblem(answer);
    }
  });

  it("nothing but the open routes answers, whatever the method", async () => {
    const open = [];
    for (const path of [
      "/healthz",
      "/readyz",
      "/openapi.json",
      "/webhooks/whatsapp",
      "/metrics",
      "/api/v1/usage",
      "/api/v1/messages",
    ]) {
      const answer = await server.call({ method: "GET", path, headers: { authorization: [] } });
      if (answer.status === 200) open.push(path);
    }
    expect(open).toEqual(["/healthz", "/readyz", "/openapi.json"]);
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] as const) {
      const answer = await server.call({ method, path: "/api/v1/messages/send", headers: { authorization: [] } });
      expect([401, 404, 405], method).toContain(answer.status);
    }
  });
});

describe(titleOf("auth: foreign tenant"), () => {
  const bearer = () => ({ authorization: `Bearer ${server.ourKey}` });

  it("a send for another tenant, or one that does not exist", async () => {
    const theirOrder = { ...order, ...theirs };
    expect((await server.send(theirOrder, { "idempotency-key": "theirs" })).status).toBe(200);
    const details = new Set();
    for (const change of [
      theirs,
      { ...theirs, outlet_id: ours.outlet_id },
      { tenant_id: "tenant-of-nobody", outlet_id: "outlet-of-nobody" },
      { tenant_id: "all", outlet_id: theirs.outlet_id },
      { outlet_id: theirs.outlet_id },
    ]) {
      for (const headers of [bearer(), { ...bearer(), "idempotency-key": "theirs" }]) {
        const given = { body: JSON.stringify({ ...order, ...change }), headers };
        details.add((await server.expectRefusal(given, 404)).json["detail"]);
      }
    }
    expect([...details]).toEqual(["No such tenant or outlet."]);
  });

  it("a message of another tenant, or one that does not exist", async () => {
    const { json } = await server.send({ ...order, ...theirs });
    const answers = new Set<string>();
    for (const id of [String(json["message_id"]), "018f0000-0000-7000-8000-000000000000"]) {
      for (const [method, path, content] of [
        ["GET", `/api/v1/messages/${id}/status`, undefined],
        ["GET", `/api/v1/messages/${id}`, undefined],
        ["POST", `/api/v1/messages/${id}/resolve`, JSON.stringify({ action: "abandon" })],
        ["POST", `/api/v1/messages/${id}/resolve`, JSON.stringify({ action: "resend" })],
      ] as const) {
        const call = { method, path, headers: bearer(), ...(content !== undefined && { body: content }) };
        const answer = await server.expectRefusal(call, 404);
        answers.add(JSON.stringify({ ...answer.json, instance: "" }));
      }
    }
    expect(answers.size).toBe(1);
  });

  it("a read receipt or an upload for another tenant", async () => {
    const receipt = JSON.stringify({ ...theirs, whatsapp_message_id: "wamid.1" });
    await server.expectRefusal({ path: "/api/v1/messages/read", headers: bearer(), body: receipt }, 404);
    const part = (name: string, value: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const file =
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--x--\r\n';
    const form = part("tenant_id", theirs.tenant_id) + part("outlet_id", theirs.outlet_id) + file;
    const headers = { ...bearer(), "content-type": "multipart/form-data; boundary=x" };
    await server.expectRefusal({ path: "/api/v1/media", headers, body: form }, 404);
  });

  it("what concerns all tenants needs a key of all: 403", async () => {
    for (const [method, path] of [
      ["POST", "/api/v1/admin/history/replay"],
      ["POST", "/api/v1/admin/callbacks/replay"],
      ["POST", "/api/v1/admin/callbacks/discard"],
      ["POST", "/api/v1/admin/backup"],
      ["GET", "/api/v1/webhooks"],
      ["POST", "/api/v1/webhooks/forward"],
    ] as const) {
      await server.expectRefusal({ method, path, headers: bearer() }, 403);
    }
  });
});
