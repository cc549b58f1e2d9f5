import { connect } from "node:net";

import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";
import { shortLimits } from "../../../test/server.ts";
import { serverLimits, serveWithin } from "./serve-within.ts";

async function start(limits = serverLimits) {
  const { app, ports } = createTestApp();
  const server = await serveWithin(limits, { app, host: "127.0.0.1", port: 0 });
  let closed = false;
  const close = async () => {
    if (!closed) await server.close();
    closed = true;
  };
  onTestFinished(close);
  return { url: server.url, port: Number(new URL(server.url).port), ports, close };
}

/** Writes `text` to a socket, then `drip` again and again, and gives what comes back before the server closes it. */
function exchange(port: number, text: string, drip = ""): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    const dripping = setInterval(() => socket.writable && socket.write(drip), 30);
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(dripping);
      resolve(answer);
    });
  });
}

const head = `POST /api/v1/messages/send HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
const uploadHead = "POST /api/v1/media HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n";
const form = [
  `--x\r\nContent-Disposition: form-data; name="tenant_id"\r\n\r\n${order.tenant_id}\r\n`,
  `--x\r\nContent-Disposition: form-data; name="outlet_id"\r\n\r\n${order.outlet_id}\r\n`,
  `--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n`,
].join("");

describe("the server's sockets", () => {
  it("gives a request less than 10 s to arrive", () => {
    const { headersMs, requestMs, checkMs } = serverLimits;
    expect(Math.max(headersMs, requestMs) + checkMs).toBeLessThan(10_000);
  });

  it("answers 408 to headers and bodies that never end", async () => {
    const { port } = await start(shortLimits);
    const answers = await Promise.all([
      exchange(port, "POST /api/v1/messages/send HTTP/1.1\r\nHost: x\r\nX-Slow: "),
      exchange(port, `${head}Content-Length: 100\r\n\r\n{`),
      exchange(port, `${head}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`),
    ]);
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(answer).toContain("application/problem+json");
    }
  });

  it("disconnects slow requests, unless their path is exactly that of uploads", async () => {
    const { port } = await start(shortLimits);
    const answers = await Promise.all(
      [
        "GET /healthz",
        "GET /api/v1/mediaevil",
        "GET /api/v1/media",
        "HEAD /api/v1/media?a=b",
        "POST /api/v1/mediaevil",
        "POST /api/v1/media/x",
      ].map((line) => exchange(port, `${line} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n`, "x")),
    );
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 [245]/);
  });

  it("gives a media upload unlimited time, and nothing else", async () => {
    const { port, ports } = await start(shortLimits);
    const socket = connect(port, "127.0.0.1");
    let answers = "";
    socket.on("data", (chunk) => (answers += String(chunk)));
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    socket.write(`${uploadHead}Content-Length: ${form.length + 11 + 9}\r\n\r\n${form}`);
    const startedAt = performance.now();
    for (let written = 0; written < 11; written += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      socket.write("%");
    }
    expect(answers).toBe("");
    socket.write("\r\n--x--\r\n");
    while (!answers.includes("media-1")) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(answers).toMatch(/^HTTP\/1\.1 200 /);
    expect(ports.media.files[0]?.bytes).toHaveLength(11);
    expect(performance.now() - startedAt).toBeGreaterThan(2 * (shortLimits.requestMs + shortLimits.checkMs));
    // The next request of the connection has as little time as any other.
    socket.write(`${head}Content-Length: 100\r\n\r\n{`);
    await closed;
    expect(answers).toMatch(/HTTP\/1\.1 408 /);
  });

  it("answers a refused upload without reading the rest", async () => {
    const { port, ports } = await start();
    const field = (name: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${order.tenant_id}\r\n`;
    const answer = await exchange(
      port,
      `POST /api/v1/media HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n` +
        `Content-Length: 100000000\r\n\r\n${field("tenant_id")}${field("tenant_id")}--x\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(ports.media.files).toEqual([]);
  });

  it("answers non-HTTP bytes, oversized headers and wrong lengths with a problem", async () => {
    const { port, url } = await start();
    for (const text of [
      "garbage\r\n\r\n",
      `${head}Content-Length: x\r\n\r\n`,
      `${head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ]) {
      const answer = await exchange(port, text);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain("application/problem+json");
    }
    const answer = await exchange(port, `${head}X-Large: ${"x".repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect((await request(`${url}/healthz`)).statusCode).toBe(200);
  });

  it("answers 413 to 70 KB with a length and to 160 KB without one, and keeps running", async () => {
    const { url, ports } = await start();
    const post = (body: string | AsyncIterable<Buffer>) =>
      request(`${url}/api/v1/messages/send`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: body as string,
      });
    async function* chunks() {
      for (let sent = 0; sent < 160; sent += 1) yield Buffer.alloc(1024, "x");
    }
    for (const body of ["x".repeat(70_000), chunks()]) {
      const answer = await post(body);
      expect(answer.statusCode).toBe(413);
      await answer.body.dump();
    }
    expect((await post(JSON.stringify(order))).statusCode).toBe(200);
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("serves others while 2,000 slow senders hold their sockets", async () => {
    const { url, port } = await start();
    const sockets = await Promise.all(
      Array.from({ length: 2000 }, async () => {
        const socket = connect(port, "127.0.0.1");
        socket.on("error", () => {});
        await new Promise((resolve) => socket.once("connect", resolve));
        socket.write(`${head}Content-Length: 5000\r\n\r\n{`);
        return socket;
      }),
    );
    const drip = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write(" ");
    }, 300);
    for (let number = 0; number < 100; number += 1) {
      const answer = await request(`${url}/api/v1/messages/send`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(order),
      });
      await answer.body.dump();
      expect(answer.statusCode).toBe(200);
    }
    clearInterval(drip);
    for (const socket of sockets) socket.destroy();
  });

  it("finishes the requests in flight when it closes, and accepts no others", async () => {
    const { url, ports, close } = await start();
    const unavailable = { class: "transient", httpStatus: 503, details: "Service Unavailable" } as const;
    ports.transport.answerWith({ kind: "Refused", final: false, maybeProcessed: false, failure: unavailable });
    const sending = request(`${url}/api/v1/messages/send`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(order),
    });
    while (ports.transport.submissions.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const closing = close();
    await ports.clock.advance(1000);
    expect((await sending).statusCode).toBe(200);
    await closing;
    await expect(request(`${url}/healthz`)).rejects.toThrow("ECONNREFUSED");
  });
});
