import { channel } from "node:diagnostics_channel";

import { request } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";

import { order } from "../../../test/app.ts";
import { rawClient, sendRequest } from "../../../test/raw-client.ts";
import { listen, longLimits, startGated } from "../../../test/server.ts";

const body = JSON.stringify(order);
const whole = sendRequest(body);
const health = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
const chunked = (text: string) =>
  sendRequest(`${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`, "Transfer-Encoding: chunked\r\n");

const inPieces = (text: string) =>
  sendRequest(`${text.replaceAll(/[^]/g, "1;a=b\r\n$&\r\n")}0\r\n\r\n`, "Transfer-Encoding: chunked\r\n");

describe("a connection error", () => {
  it.each([
    ["a byte", "X", 400],
    ["a line that is not a request", "garbage\r\n\r\n", 400],
    ["a head that is too large", `GET / HTTP/1.1\r\nX: ${"x".repeat(40_000)}\r\n\r\n`, 431],
    ["a length that lies", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400],
    ["CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ])("comes after the answers to earlier requests: %s", async (_, junk, status) => {
    const requests = [whole, chunked(body), whole + whole];
    const exchanges = requests.map(async (request) => {
      const { port, submitted, answer } = await startGated();
      const client = rawClient(port, [request + junk]);
      await expect.poll(() => submitted.length).toBe(1);
      expect(client.statuses()).toEqual([]);
      answer();
      await client.ended;
      const count = request === whole + whole ? 2 : 1;
      expect(client.statuses()).toEqual([...Array.from({ length: count }, () => 200), status]);
      expect(submitted).toHaveLength(count);
      await client.gone();
    });
    await Promise.all(exchanges);
  });

  it("in a body is the answer to its request, and nothing is sent", async () => {
    const { port, submitted } = await startGated();
    const broken = chunked(body).replace(/\r\n0\r\n\r\n$/, "\r\nzz\r\n");
    const client = rawClient(port, [broken]);
    await client.ended;
    expect(client.statuses()).toEqual([400]);
    const cut = rawClient(port, [whole.slice(0, -5)]);
    cut.socket.on("connect", () => cut.socket.end());
    await cut.gone();
    expect(cut.statuses()).toEqual([400]);
    expect(submitted).toEqual([]);
  });
});

describe("a client that has closed its half of the connection", () => {
  it("still gets its answer", async () => {
    const { port, answer, submitted } = await startGated();
    const client = rawClient(port, [whole + whole]);
    client.socket.on("connect", () => client.socket.end());
    await expect.poll(() => submitted.length).toBe(1);
    answer();
    await client.gone();
    expect(client.statuses()).toEqual([200, 200]);
  });

  it.each([["after"], ["before"]])("has left a stream of events, %s it begins", async (when) => {
    const { promise: gate, resolve: begin } = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    const { port } = await listen({
      async fetch({ signal }: Request) {
        signals.push(signal);
        if (when === "before") await gate;
        return new Response(new ReadableStream({ start: (events) => events.enqueue(Buffer.from(":\n\n")) }));
      },
    });
    onTestFinished(() => begin());
    const client = rawClient(port, ["GET / HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n"]);
    await expect.poll(() => (when === "before" ? signals.length : client.statuses().length)).toBe(1);
    client.socket.end();
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    await client.gone();
  });
});

describe("pipelined requests", () => {
  it("are answered in order, however they are split", async () => {
    const { port, answer, submitted } = await startGated({ limits: longLimits });
    answer();
    const padded = sendRequest(`\r\n\r\n${body}\r\n\r\n`);
    const all = `\r\n\r\n${health}${padded}\r\n${chunked(body)}${health}${whole}`;
    const cuts = [all.length, 1, 7, 150].map((size) => all.match(new RegExp(`[^]{1,${size}}`, "g")) ?? []);
    for (const parts of cuts) {
      submitted.length = 0;
      const client = rawClient(port, size(parts) > 100 ? parts : parts.flatMap((part) => [part, 0]));
      await expect.poll(() => client.statuses()).toEqual([200, 200, 200, 200, 200]);
      expect(submitted).toHaveLength(3);
      client.socket.destroy();
    }
  });

  it("are processed one at a time, and not at all after an answer that nobody reads", async () => {
    let asked = 0;
    let open = 0;
    let mostOpen = 0;
    const { port } = await listen({
      async fetch() {
        asked += 1;
        mostOpen = Math.max(mostOpen, (open += 1));
        await new Promise(setImmediate);
        open -= 1;
        return new Response("y".repeat(60_000));
      },
    });
    const client = rawClient(port, ["GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2000)]);
    client.socket.pause();
    let before = -1;
    while (asked !== before) {
      before = asked;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(asked).toBeLessThan(2000);
    expect(mostOpen).toBe(1);
    client.socket.resume();
    await expect.poll(() => client.statuses().length).toBe(2000);
  });

  it.each([
    ["a chunked body", chunked(body)],
    ["a chunked body in small pieces", inPieces(body)],
    ["a chunked body with trailers", chunked(body).replace(/\r\n$/, "A: 1\r\nB: 2\r\n\r\n")],
    ["a body with a length", whole],
  ])("are not parsed before their turn, after %s", async (_, first) => {
    const { port, submitted } = await startGated();
    let parsed = 0;
    const count = (): void => void (parsed += 1);
    const started = channel("http.server.request.start");
    started.subscribe(count);
    onTestFinished(() => {
      started.unsubscribe(count);
    });
    const client = rawClient(port, [first + health.repeat(1000)]);
    await expect.poll(() => submitted.length).toBe(1);
    await expect.poll(() => client.socket.writableLength).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(parsed).toBe(1);
  });

  it("alternate with those of other clients", async () => {
    let asked = 0;
    let askedBefore = -1;
    const { port } = await listen({
      fetch(given) {
        asked += 1;
        if (new URL(given.url).pathname === "/other") askedBefore = asked;
        return new Response("");
      },
    });
    const other = rawClient(port, []);
    await new Promise((resolve) => other.socket.once("connect", resolve));
    const client = rawClient(port, ["GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1500)]);
    client.socket.once("data", () => other.socket.write("GET /other HTTP/1.1\r\nHost: x\r\n\r\n"));
    await expect.poll(() => other.statuses()).toEqual([200]);
    expect(askedBefore).toBeLessThan(1000);
    await expect.poll(() => client.statuses().length).toBe(1500);
  });

  it("of twenty clients that never read use little memory", async () => {
    const { port, url } = await listen({ fetch: () => new Response("y".repeat(60_000) + Math.random()) });
    const before = process.memoryUsage();
    const get = "GET /api/v1/messages/018f0000-0000-7000-8000-000000000000 HTTP/1.1\r\nHost: x\r\n\r\n";
    for (let number = 0; number < 20; number += 1) rawClient(port, [get.repeat(800)]).socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const after = process.memoryUsage();
    expect((after.heapUsed + after.external - before.heapUsed - before.external) / 1_000_000).toBeLessThan(100);
    expect((await request(`${url}/healthz`)).statusCode).toBe(200);
  });
});

describe("a draining server", () => {
  it.each([
    ["a body in the same piece as its head", [whole]],
    ["a body that comes later", [whole.slice(0, -body.length), 50, body]],
    ["a body that is cut", [whole.slice(0, -5), 50, whole.slice(-5)]],
    ["a chunked body", [chunked(body)]],
    ["no body", [health]],
  ])("closes each connection with its next answer: %s", async (_, parts) => {
    const { port, answer, drain } = await startGated();
    answer();
    const old = rawClient(port, [health]);
    await expect.poll(() => old.statuses()).toEqual([200]);
    drain();
    for (const part of parts) {
      if (typeof part === "number") await new Promise((resolve) => setTimeout(resolve, part));
      else old.socket.write(part);
    }
    for (const client of [old, rawClient(port, parts)]) {
      await client.ended;
      expect(client.answer().match(/^connection: close\r$/gim)).toHaveLength(1);
      expect(client.statuses().at(-1)).toBe(200);
    }
  });

  it("answers all pipelined requests first", async () => {
    const { port, answer, drain, submitted } = await startGated();
    answer();
    drain();
    const client = rawClient(port, [whole + chunked(body) + health + whole]);
    await client.ended;
    expect(client.statuses()).toEqual([200, 200, 200, 200]);
    expect(client.answer().match(/^connection: close\r$/gim)).toHaveLength(1);
    expect(submitted).toHaveLength(3);
  });
});

function size(parts: readonly string[]): number {
  return parts[0]?.length ?? 0;
}

it("connections above the limit are closed, and may reconnect later", async () => {
  const { port } = await listen({ fetch: () => new Response("") }, { maxConnections: 2 });
  const get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const clients = [rawClient(port, [get]), rawClient(port, [get])];
  for (const client of clients) await expect.poll(() => client.statuses()).toEqual([200]);
  const third = rawClient(port, [get]);
  await third.ended;
  expect(third.statuses()).toEqual([]);
  clients[0]?.socket.destroy();
  await expect
    .poll(async () => {
      const again = rawClient(port, [get.replace("Host", "Connection: close\r\nHost")]);
      await again.ended;
      return again.statuses();
    })
    .toEqual([200]);
});
