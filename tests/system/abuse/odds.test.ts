import { stat } from "node:fs/promises";

import { startSandbox } from "@message-sender/emulator";
import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";

import { serve } from "../../support/serve-process.ts";
import { expectProblem, order, useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";
import { envelope, signed } from "./webhook-bodies.ts";

const server = useAbusedServer({ ALLOWED_HOSTS: "crm.example.com" });
const body = JSON.stringify(order);
const json = { "content-type": "application/json" };

const foreignHosts: readonly string[] = [
  "evil.example",
  "evil.example:3000",
  "crm.example.com.evil.example",
  "evil-crm.example.com",
  "localhost.evil.example",
  "127.0.0.1.nip.io",
  "0.0.0.0",
  "169.254.169.254",
  "[::2]",
  "2130706433x",
  "localhost@evil.example",
  "evil.example#localhost",
  "xn--lcalhost-54a",
];

/** 400 for what is no authority at all. */
describe(titleOf("every route: host"), () => {
  it.each(foreignHosts)("the Host %s", async (host) => {
    for (const call of [
      { path: "/api/v1/messages/send", body },
      { path: "/api/v1/messages/read", body },
      { path: "/api/v1/messages/message-1/resolve", body },
      { path: "/api/v1/admin/history/replay", body: "" },
      { method: "GET", path: "/api/v1/messages/message-1" },
      { method: "GET", path: "/api/v1/messages/message-1/status" },
      { method: "GET", path: "/healthz" },
      { method: "GET", path: "/readyz" },
      { method: "GET", path: "/nowhere" },
    ] as const) {
      const answer = await server.call({ ...call, headers: { ...json, host } });
      expect([400, 403], call.path).toContain(answer.status);
      expectProblem(answer);
      expect(answer.text).not.toContain(host);
    }
  });

  it("two of them, or none", async () => {
    const requests = server.sandbox.graph.requestCount;
    const rest = `Content-Type: application/json\r\nConnection: close\r\n${server.keyLine}Content-Length: ${body.length}\r\n\r\n${body}`;
    for (const hosts of [
      "",
      "Host: localhost\r\nHost: localhost\r\n",
      "Host: localhost\r\nHost: evil.example\r\n",
      "Host: evil.example\r\nHost: localhost\r\n",
    ]) {
      const answer = await server.exchange(`POST /api/v1/messages/send HTTP/1.1\r\n${hosts}${rest}`);
      expect(answer, hosts).toMatch(/^HTTP\/1\.1 40[03] /);
    }
    const absolute = `POST http://evil.example/api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\n${rest}`;
    expect(await server.exchange(absolute)).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(server.sandbox.graph.requestCount).toBe(requests);
  });

  it.each([
    "https://evil.example",
    "null",
    "",
    "file://",
    "https://crm.example.com.evil.example",
    "https://crm.example.com@evil.example",
    "chrome-extension://abc",
  ])("the Origin %j, whatever the content type", async (origin) => {
    for (const type of [
      "application/json",
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
    ]) {
      for (const path of [
        "/api/v1/messages/send",
        "/api/v1/messages/read",
        "/api/v1/messages/message-1/resolve",
        "/api/v1/media",
        "/api/v1/admin/history/replay",
      ]) {
        await server.expectRefusal({ path, headers: { "content-type": type, origin }, body }, 403);
      }
    }
  });

  it("does not concern signed webhooks", async () => {
    const headers = { host: "evil.example", origin: "https://evil.example" };
    expect((await server.call(signed(envelope({ field: "x", value: {} }), headers))).status).toBe(200);
  });
});

describe(titleOf("logs: invisible"), () => {
  const odd = "odd\u009b2J\u202e\u2028\u0085\u2066\u200b";

  it.each(["json", "pretty"])("in paths, names and references, as %s", async (LOG_FORMAT) => {
    const { url, printed } = await serve(["--sandbox"], { LOG_FORMAT, LOG_LEVEL: "trace" });
    const paths = [
      `/${encodeURIComponent(odd)}`,
      `/api/v1/messages/${encodeURIComponent(odd)}/status`,
      `/healthz?${encodeURIComponent(odd)}`,
    ];
    for (const path of paths) await (await request(`${url}${path}`)).body.dump();
    for (const change of [
      { reference: odd },
      { tenant_id: odd },
      { to: odd },
      { [odd]: 1 },
      { message: `a${odd}`.replaceAll(/[\u009b\u0085]/g, "") },
    ]) {
      const sent = await request(`${url}/api/v1/messages/send`, {
        method: "POST",
        headers: { ...json, "x-request-id": Buffer.from("a\u009b").toString("latin1") },
        body: JSON.stringify({ ...order, ...change }),
      });
      await sent.body.dump();
    }
    await expect.poll(printed).toContain(String.raw`/odd\u009b2J\u202e\u2028\u0085\u2066\u200b`);
    expect(printed()).not.toMatch(/[\u0080-\u009f\u200b\u2028-\u202e\u2066-\u2069]/);
  });
});

describe(titleOf("disk: full or lost"), () => {
  it.runIf(process.platform !== "win32")("the files of the store can be read by their owner only", async () => {
    await server.send(order);
    for (const suffix of ["", "-wal"]) expect((await stat(`${server.databasePath}${suffix}`)).mode & 0o777).toBe(0o600);
  });
});

describe(titleOf("emulator: control"), () => {
  it("by a web page, under another name or with a simple content type: 403", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const fault = JSON.stringify({ target: "graph", effect: { status: 503 } });
    const urls = [sandbox.graphUrl, sandbox.tenantUrl, sandbox.conversationUrl].map(
      (url) => `${url}/__emulator/faults`,
    );
    for (const url of urls) {
      for (const headers of [
        { origin: "https://evil.example" },
        { origin: "null", "content-type": "text/plain" },
        { origin: "https://evil.example", "content-type": "application/x-www-form-urlencoded" },
        { host: "evil.example" },
      ] as Record<string, string>[]) {
        const answer = await request(url, { method: "POST", headers: { ...json, ...headers }, body: fault });
        await answer.body.dump();
        expect(answer.statusCode, JSON.stringify(headers)).toBe(403);
      }
    }
  });

  it.each([
    "http://169.254.169.254/latest",
    "http://metadata.google.internal/",
    "http://[fd00:ec2::254]/",
    "http://2852039166/",
  ])("webhooks to the metadata address %s are refused", async (url) => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const answer = await request(`${sandbox.graphUrl}/__emulator/webhooks`, {
      method: "PUT",
      headers: json,
      body: JSON.stringify({ url, appSecret: "x" }),
    });
    await answer.body.dump();
    expect(answer.statusCode).toBe(400);
  });
});
