import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";

import { ResultAsync } from "neverthrow";
import { describe, expect, it, onTestFinished } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";
import { exchangeAll } from "../../../test/http-exchange.ts";
import { sendCases } from "../../../test/send-cases.ts";
import { observe, serve, start } from "../../../test/ways.ts";
import { restrictApp } from "../index.ts";

describe("a send is answered alike by the server and by the app", () => {
  it.each(Object.entries(sendCases))("%s", async (_, sending) => {
    const direct = await observe(sending, "direct");
    const app = await observe(sending, "app");
    expect(direct.seen).toEqual(app.seen);
    // A malformed request gets its answer before the app is asked.
    if (sending.by !== "any") expect(direct.fetched === app.fetched ? "app" : "direct").toBe(sending.by);
  });
});

/** WhatsApp answers once it is told to. */
function holdAnswers({ ports }: ReturnType<typeof createTestApp>) {
  const { promise: gate, resolve: answer } = Promise.withResolvers<void>();
  const { submit } = ports.transport;
  Object.assign(ports.transport, {
    submit: (...given: Parameters<typeof submit>) => ResultAsync.fromSafePromise(gate).andThen(() => submit(...given)),
  });
  return answer;
}

const body = JSON.stringify(order);
const head = `POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

it("a send that waits for its answer keeps no headers", async () => {
  let incoming: IncomingMessage | undefined;
  const onRequest = (begun: unknown) => void (incoming = (begun as { request: IncomingMessage }).request);
  subscribe("http.server.request.start", onRequest);
  onTestFinished(() => void unsubscribe("http.server.request.start", onRequest));
  let answer: () => void = () => {};
  const { port, ports } = await serve("direct", { prepare: (test) => (answer = holdAnswers(test)) });
  const answers = exchangeAll(port, [head + body]);
  await expect.poll(() => ports.telemetry.events.length).toBeGreaterThan(0);
  expect([incoming?.headers, incoming?.rawHeaders]).toEqual([{}, []]);
  answer();
  expect((await answers)[0]?.status).toBe(200);
});

describe.each(["direct", "app"] as const)("a send that is answered by the %s", (way) => {
  it("goes on if its client leaves, and is logged", async () => {
    let answer: () => void = () => {};
    const { port, ports, lines } = await serve(way, { prepare: (test) => (answer = holdAnswers(test)) });
    const socket = connect(port, "127.0.0.1", () => socket.write(head + body));
    await expect.poll(() => ports.telemetry.events.length, { timeout: 10_000 }).toBeGreaterThan(0);
    socket.destroy();
    await new Promise((resolve) => socket.once("close", resolve));
    answer();
    await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1);
    expect(lines[0]?.fields).toMatchObject({
      http_status: 200,
      message_id: expect.any(String),
      client_address: "127.0.0.1",
    });
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("is logged with the address of a client that has left before it is read", async () => {
    const { port, lines } = await serve(way);
    const accepted = Promise.withResolvers<unknown>();
    subscribe("net.server.socket", accepted.resolve);
    onTestFinished(() => void unsubscribe("net.server.socket", accepted.resolve));
    const socket = connect(port, "127.0.0.1");
    await Promise.all([once(socket, "connect"), accepted.promise]);
    socket.write(head + body);
    socket.resetAndDestroy();
    await expect.poll(() => lines.length).toBe(1);
    expect(lines[0]?.fields["client_address"]).toBe("127.0.0.1");
  });

  it("is answered if its client has closed its half of the connection", async () => {
    const { port } = await serve(way);
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => socket.end(head + body));
    let received = "";
    for await (const bytes of socket) received += String(bytes);
    expect(received).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("ends the connection with its answer while the server drains", async () => {
    const { port, drain, seen } = await serve(way);
    drain();
    const answers = await exchangeAll(port, [head + body]);
    expect(answers[0]?.headers["connection"]).toBe("close");
    expect(seen(answers)).toMatchObject({ lines: [{ fields: { http_status: 200 } }] });
  });

  it("is answered after a body that comes in pieces", async () => {
    const { port, lines } = await serve(way);
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    for (const piece of [head.slice(0, 20), head.slice(20) + body.slice(0, 10), body.slice(10, 11), body.slice(11)]) {
      socket.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1);
    expect(lines[0]?.fields["http_status"]).toBe(200);
    socket.destroy();
  });

  it("is refused if its body breaks off", async () => {
    const { port, lines, ports } = await serve(way);
    const socket = connect(port, "127.0.0.1", () => socket.end(head + body.slice(0, 10)));
    await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1);
    expect(lines[0]?.fields["http_status"]).toBe(400);
    expect(ports.transport.submissions).toEqual([]);
  });
});

it.each([undefined, null, "CANARY-4711"])(
  "is answered directly if the sender rejects with %j, which is no Error",
  async (reason) => {
    const { port, lines } = await serve("direct", {
      prepare: ({ sender }) => Object.assign(sender, { send: () => Promise.reject(reason) }),
    });
    const [answer] = await exchangeAll(port, [head + body]);
    expect(answer?.status).toBe(500);
    expect(JSON.stringify([answer, lines])).not.toContain("CANARY");
  },
);

it("is answered alike while a logger throws", async () => {
  const fail = () => {
    throw new Error("CANARY-4711");
  };
  const options = { logger: { info: fail, warn: fail, error: fail } };
  for (const way of ["direct", "app"] as const) {
    const { port } = await serve(way, { options });
    const [answer] = await exchangeAll(port, [head + body]);
    expect(answer?.status).toBe(200);
  }
});

describe("a restricted app", () => {
  it.each([
    [["api"], 200],
    [["docs", "metrics"], 404],
  ] as const)("of the parts %j answers a send with %i", async (parts, status) => {
    const { app } = createTestApp();
    const { port } = await start(restrictApp(app, parts));
    const [answer] = await exchangeAll(port, [head + body]);
    expect(answer?.status).toBe(status);
  });
});

it("is answered by the app if its fetch was replaced, so that its owner sees each request", async () => {
  const { app } = createTestApp();
  const { fetch } = app;
  let fetched = 0;
  app.fetch = (...given) => {
    fetched += 1;
    return fetch(...given);
  };
  const { url } = await start(app);
  const answer = await globalThis.fetch(`${url}/api/v1/messages/send`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order),
  });
  expect(answer.status).toBe(200);
  expect(fetched).toBe(1);
});
