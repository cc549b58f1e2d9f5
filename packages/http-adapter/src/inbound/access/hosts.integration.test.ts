import { createHmac } from "node:crypto";
import { connect } from "node:net";

import { describe, expect, it, onTestFinished } from "vitest";

import { appSecrets, createTestApp, order } from "../../../test/app.ts";
import type { HttpAppOptions } from "../http-app.ts";
import { startHttpServer } from "../server/http-server.ts";

async function start(options: Pick<HttpAppOptions, "allowedHosts"> = { allowedHosts }) {
  const { app, ports } = createTestApp(options);
  const server = await startHttpServer({ app, host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  return { port: Number(new URL(server.url).port), ports };
}

const allowedHosts = ["crm.example.com", "Bücher.example", "192.0.2.7", "[2001:DB8::1]"];

/** Sends these bytes. Returns the head of the first answer, and its status. */
function exchange(port: number, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.setTimeout(60_000, () => socket.destroy());
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      answer += String(chunk);
      if (answer.includes("\r\n\r\n")) socket.destroy();
    });
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])));
  });
}

const get = (target: string, ...headers: readonly string[]) =>
  `GET ${target} HTTP/1.1\r\n${headers.map((header) => `${header}\r\n`).join("")}\r\n`;
const post = (target: string, body: string, ...headers: readonly string[]) =>
  `${get(target, ...headers, `Content-Length: ${body.length}`).replace("GET", "POST")}${body}`;

describe("a Host", () => {
  it.each([
    "localhost",
    "LocalHost:3000",
    "localhost.",
    "127.0.0.1:1",
    "127.9.8.7",
    "[::1]:3000",
    "crm.example.com",
    "CRM.example.com:8443",
    "xn--bcher-kva.example",
    "192.0.2.7",
    "[2001:db8::1]:3000",
  ])("of this server is accepted: %s", async (host) => {
    const { port } = await start();
    expect(await exchange(port, get("/healthz", `Host: ${host}`))).toBe(200);
  });

  it.each([
    "evil.example",
    "evil.example:3000",
    "crm.example.com.evil.example",
    "evil.crm.example.com",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "127.evil.example",
    "0.0.0.0",
    "169.254.169.254",
    "[::]",
    "[::ffff:8.8.8.8]",
    "x",
  ])("of another server is refused on every route: %s", async (host) => {
    const { port, ports } = await start();
    for (const path of ["/", "/healthz", "/readyz", "/api/v1/messages/a", "/api/v1/messages/a/status"]) {
      expect(await exchange(port, get(path, `Host: ${host}`)), path).toBe(403);
    }
    const send = post(
      "/api/v1/messages/send",
      JSON.stringify(order),
      `Host: ${host}`,
      "Content-Type: application/json",
    );
    expect(await exchange(port, send)).toBe(403);
    expect(ports.transport.submissions).toEqual([]);
  });

  it.each(["localhost@evil.example", "evil.example@localhost", "evil.example/localhost", "local host", ""])(
    "that is invalid is never answered: %j",
    async (host) => {
      const { port } = await start();
      expect([400, 403]).toContain(await exchange(port, get("/healthz", `Host: ${host}`)));
    },
  );

  it("must be given exactly once, even if both are right", async () => {
    for (const options of [{ allowedHosts }, {}]) {
      const { port } = await start(options);
      const twice = get("/healthz", "Host: localhost", "hOST: localhost");
      expect(await exchange(port, twice)).toBe(400);
      expect(await exchange(port, get("/webhooks/whatsapp", "Host: a", "Host: a"))).toBe(400);
      expect(await exchange(port, get("/healthz"))).toBe(400);
      expect(await exchange(port, get("http://localhost/healthz"))).toBe(400);
    }
  });

  it("is optional in HTTP/1.0", async () => {
    for (const options of [{ allowedHosts }, {}]) {
      const { port } = await start(options);
      const old = (text: string) => text.replace("HTTP/1.1", "HTTP/1.0");
      expect(await exchange(port, old(get("/healthz")))).toBe(200);
      expect(await exchange(port, old(get("/healthz", "Host: a", "Host: a")))).toBe(400);
      const send = post("/api/v1/messages/send", JSON.stringify(order), "Content-Type: application/json");
      expect(await exchange(port, old(send))).toBe(200);
    }
    const { port } = await start();
    expect(await exchange(port, get("/healthz", "Host: evil.example").replace("1.1", "1.0"))).toBe(403);
    expect(await exchange(port, get("http://evil.example/healthz").replace("1.1", "1.0"))).toBe(403);
  });

  it("is also checked in an absolute request target", async () => {
    const { port } = await start();
    expect(await exchange(port, get("http://localhost:3000/healthz", "Host: localhost"))).toBe(200);
    expect(await exchange(port, get("http://evil.example/healthz", "Host: localhost"))).toBe(403);
    expect(await exchange(port, get("http://localhost/healthz", "Host: evil.example"))).toBe(403);
  });

  it("may be any by default", async () => {
    const { port } = await start({});
    expect(await exchange(port, get("/healthz", "Host: evil.example"))).toBe(200);
  });
});

describe("an Origin", () => {
  const own = "Host: localhost";
  const routes = [
    "/api/v1/messages/send",
    "/api/v1/messages/read",
    "/api/v1/media",
    "/api/v1/messages/a/resolve",
    "/api/v1/admin/history/replay",
    "/api/v1/admin/callbacks/replay",
    "/not/yet/built",
  ];

  it.each([
    "https://evil.example",
    "null",
    "",
    "file://",
    "http://localhost.evil.example",
    "chrome-extension://localhost",
  ])(
    "of another site is refused on every route that changes something, whatever the content type: %j",
    async (origin) => {
      const { port, ports } = await start();
      for (const route of routes) {
        for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"]) {
          const request = post(route, JSON.stringify(order), own, `Origin: ${origin}`, `Content-Type: ${type}`);
          expect(await exchange(port, request), route).toBe(403);
        }
      }
      expect(ports.transport.submissions).toEqual([]);
    },
  );

  it("of another site that hides it is refused by where the browser says that the request comes from", async () => {
    const { port, ports } = await start();
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
      const headers = [own, "Sec-Fetch-Site: cross-site", `Content-Type: ${type}`];
      expect(await exchange(port, post("/api/v1/messages/send", JSON.stringify(order), ...headers)), type).toBe(403);
    }
    expect(ports.transport.submissions).toEqual([]);
  });

  it("is refused in addition to a second one", async () => {
    const { port } = await start();
    const request = post(
      "/api/v1/messages/send",
      "{}",
      own,
      "Origin: http://localhost",
      "Origin: https://evil.example",
    );
    expect(await exchange(port, request)).toBe(403);
  });

  it("of another site is refused before the file arrives", async () => {
    const { port } = await start();
    const head = [own, "Origin: https://evil.example", "Content-Type: multipart/form-data; boundary=x"];
    const request = get("/api/v1/media", ...head, "Content-Length: 50000000").replace("GET", "POST");
    expect(await exchange(port, `${request}--x\r\n`)).toBe(403);
  });

  it.each(["http://localhost:5173", "https://127.0.0.1", "http://[::1]:3000", "https://crm.example.com"])(
    "of this machine or an allowed host is answered: %s",
    async (origin) => {
      const { port, ports } = await start();
      const headers = [own, `Origin: ${origin}`, "Content-Type: application/json"];
      expect(await exchange(port, post("/api/v1/messages/send", JSON.stringify(order), ...headers))).toBe(200);
      expect(ports.transport.submissions).toHaveLength(1);
    },
  );

  it("is ignored for reads: the browser hides the answer from the page", async () => {
    const { port } = await start();
    expect(await exchange(port, get("/healthz", own, "Origin: https://evil.example"))).toBe(200);
  });
});

it("a signed webhook is accepted with any Host and Origin", async () => {
  const { port } = await start();
  const body = '{"object":"whatsapp_business_account","entry":[]}';
  const signature = createHmac("sha256", appSecrets[0] ?? "")
    .update(body)
    .digest("hex");
  const headers = ["Host: tunnel.example", "Origin: https://evil.example", `X-Hub-Signature-256: sha256=${signature}`];
  expect(await exchange(port, post("/webhooks/whatsapp", body, ...headers))).toBe(200);
  const handshake = "/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=1";
  expect(await exchange(port, get(handshake, "Host: tunnel.example"))).toBe(200);
});
