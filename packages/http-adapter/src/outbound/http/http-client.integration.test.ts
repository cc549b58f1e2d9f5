import { once } from "node:events";
import type { Socket } from "node:net";
import { inspect } from "node:util";

import { expect, onTestFinished, test } from "vitest";

import { startAnsweringThread } from "../../../test/answering-thread.ts";
import { requestRead, startHttpServer, startRawServer } from "../../../test/loopback.ts";
import { generousMs, holdManualLimit, manualLimitMs, reachManualLimit } from "../../../test/manual-limit.ts";
import { createHttpClient, type HttpClientOptions } from "./http-client.ts";
import { encodeHead, type RequestHead } from "./request-head.ts";

function clientOf(origin: string, options: Partial<HttpClientOptions> = {}) {
  const client = createHttpClient({ origin, maxConnections: 4, ...options });
  onTestFinished(() => client.close());
  return client;
}

const post = { method: "POST", path: "/x", headers: { authorization: "Bearer s3cr3t" }, body: "hello" } as const;
const ok = "HTTP/1.1 200 OK\r\n";

test("gives status, headers and body, and keeps the base URL's path", async () => {
  const server = await startHttpServer((_, response) => response.writeHead(418, { "x-a": "b" }).end("tea"));
  const answer = (await clientOf(`${server.url}/proxy/v1/`).request(post, generousMs))._unsafeUnwrap();
  expect({ ...answer, body: answer.body.toString() }).toMatchObject({
    status: 418,
    headers: { "x-a": "b" },
    body: "tea",
  });
  expect(server.requests).toMatchObject([{ method: "POST", url: "/proxy/v1/x", body: "hello" }]);
});

test("connections are kept alive and reused", async () => {
  const server = await startHttpServer((_, response) => response.end());
  const client = clientOf(server.url, { maxConnections: 1 });
  for (let count = 0; count < 5; count += 1) expect((await client.request(post, generousMs)).isOk()).toBe(true);
  expect(server.connections()).toBe(1);
});

test("asks whether it may begin once it has a connection, and otherwise sends nothing and keeps the connection", async () => {
  const answers: (() => void)[] = [];
  const server = await startHttpServer((_, response) => void answers.push(() => response.end()));
  const client = clientOf(server.url, { maxConnections: 1 });
  const first = client.request(post, generousMs);
  await expect.poll(() => answers.length).toBe(1);
  let asked = 0;
  const mayBegin = () => (asked += 1) > 2;
  const head = encodeHead({ method: "POST", path: "/later", headers: {} }) as RequestHead;
  const later = () => client.exchange({ head, body: "later", timeoutMs: generousMs, read: (ended) => ended, mayBegin });
  const waiting = [later(), later()];
  expect(asked).toBe(0);
  answers[0]?.();
  expect((await first).isOk()).toBe(true);
  for (const ended of await Promise.all(waiting)) {
    expect(ended._unsafeUnwrapErr()).toMatchObject({ dispatched: false, reason: "held back", final: false });
  }
  const sent = later();
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.();
  expect((await sent)._unsafeUnwrap().status).toBe(200);
  expect([asked, server.requests.length, server.connections()]).toEqual([3, 2, 1]);
});

test("a 1xx head is not the answer", async () => {
  const server = await startRawServer(async (socket) => {
    await requestRead(socket);
    socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${ok}content-length: 2\r\n\r\nhi`);
  });
  expect((await clientOf(server.url).request(post, generousMs))._unsafeUnwrap()).toMatchObject({ status: 200 });
});

test("a 1xx head is not the status of a lost answer", async () => {
  const server = await startRawServer(async (socket) => {
    await requestRead(socket);
    socket.write("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n");
    setTimeout(() => socket.resetAndDestroy(), 50);
  });
  const failure = (await clientOf(server.url).request(post, generousMs))._unsafeUnwrapErr();
  expect(failure).toMatchObject({ dispatched: true, reason: "connection reset" });
  expect(failure).not.toHaveProperty("status");
});

test("redirects are not followed", async () => {
  const server = await startHttpServer((_, response) => response.writeHead(307, { location: "/elsewhere" }).end());
  expect((await clientOf(server.url).request(post, generousMs))._unsafeUnwrap().status).toBe(307);
  expect(server.requests).toHaveLength(1);
});

test("an answer that is not HTTP: dispatched", async () => {
  const server = await startRawServer(async (socket) => {
    await requestRead(socket);
    socket.end("SSH-2.0-OpenSSH s3cr3t\r\n");
  });
  const failure = (await clientOf(server.url).request(post, generousMs))._unsafeUnwrapErr();
  expect(failure).toMatchObject({ dispatched: true, reason: "answer is not HTTP" });
  expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain("s3cr3t");
});

test("a body above the limit is aborted, with its status, and so is the connection", async () => {
  let written = 0;
  const server = await startRawServer(async (socket) => {
    await requestRead(socket);
    socket.write(`${ok}content-length: ${50 * 2 ** 20}\r\n\r\n`);
    const chunk = Buffer.alloc(65_536, "x");
    while (!socket.destroyed && written < 50 * 2 ** 20) {
      written += chunk.length;
      if (!socket.write(chunk)) await Promise.race([once(socket, "drain"), once(socket, "close")]);
    }
  });
  const failure = (await clientOf(server.url).request(post, generousMs))._unsafeUnwrapErr();
  expect(failure).toMatchObject({ dispatched: true, status: 200, reason: "response too large" });
  expect(written).toBeLessThan(20 * 2 ** 20);
});

test("a request whose deadline passed while it was connecting never reaches the server", async () => {
  const server = await startHttpServer((_, response) => response.end());
  const client = clientOf(server.url);
  const answer = client.request(post, 1);
  // The connection is requested in this turn of the event loop. In the next one, the deadline comes first.
  await Promise.resolve();
  const until = performance.now() + 30;
  while (performance.now() < until);
  expect((await answer)._unsafeUnwrapErr()).toMatchObject({ dispatched: false, reason: "timed out after 1 ms" });
  expect((await client.request({ ...post, path: "/later" }, generousMs)).isOk()).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(server.requests.map(({ url }) => url)).toEqual(["/later"]);
  expect(server.received()).not.toContain("POST /x");
});

test("an answer that arrived in time is read, although this process was held up until after the deadline", async () => {
  holdManualLimit();
  const server = await startAnsweringThread();
  const answer = clientOf(server.url).request(post, manualLimitMs);
  await expect.poll(server.hasRequest).toBe(true);
  // As in the timers' part of a turn, the sockets are read next.
  setImmediate(() => {
    server.holdUpForAnswer();
    reachManualLimit();
  });
  expect((await answer)._unsafeUnwrap().body.toString()).toBe("in time");
});

test("there are no more concurrent requests than connections, and none is lost", async () => {
  let open = 0;
  let most = 0;
  const all = Promise.withResolvers<void>();
  const server = await startHttpServer(async (_, response) => {
    most = Math.max(most, ++open);
    if (open === 3) all.resolve();
    await all.promise;
    await new Promise((resolve) => setTimeout(resolve, 10));
    open -= 1;
    response.end();
  });
  const client = clientOf(server.url, { maxConnections: 3 });
  const results = await Promise.all(Array.from({ length: 30 }, () => client.request(post, generousMs)));
  expect(results.every((result) => result.isOk())).toBe(true);
  expect(most).toBe(3);
  expect(server.connections()).toBe(3);
});

test("a request without a free connection fails at the deadline: not dispatched", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server = await startHttpServer(async (_, response) => {
    await released;
    response.destroy();
  });
  const client = clientOf(server.url, { maxConnections: 1 });
  let isFirstAnswered = false;
  const first = client.request(post, generousMs).map((answer) => {
    isFirstAnswered = true;
    return answer;
  });
  const second = (await client.request({ ...post, path: "/second" }, 200))._unsafeUnwrapErr();
  expect(isFirstAnswered).toBe(false);
  expect(second).toMatchObject({ dispatched: false, final: false, reason: "no free connection within 200 ms" });
  await expect.poll(() => server.requests.length).toBe(1);
  release();
  expect((await first)._unsafeUnwrapErr()).toMatchObject({ dispatched: true });
  expect(server.requests.map(({ url }) => url)).toEqual(["/x"]);
});

test("a request that failed while waiting does not take the next free connection", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server = await startHttpServer(async (_, response) => {
    await released;
    response.destroy();
  });
  const client = clientOf(server.url, { maxConnections: 1 });
  const first = client.request(post, generousMs);
  await expect.poll(() => server.requests.length).toBe(1);
  expect((await client.request(post, 100)).isErr()).toBe(true);
  release();
  expect((await first).isErr()).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(server.connections()).toBe(1);
});

test("after a timeout the connection is free for the next request", async () => {
  const server = await startHttpServer(({ url }, response) => (url === "/x" ? response.end() : undefined));
  const client = clientOf(server.url, { maxConnections: 1 });
  expect((await client.request({ ...post, path: "/silent" }, 100)).isErr()).toBe(true);
  expect((await client.request(post, generousMs)).isOk()).toBe(true);
});

test.each([
  [
    "a header with a line feed",
    { headers: { authorization: "Bearer a\r\nx: y" } },
    "the authorization header is not valid",
  ],
  ["a header that is not ASCII", { headers: { authorization: "Bearer ü" } }, "the authorization header is not valid"],
  ["a path with dot segments", { path: "/v1/../me" }, "the path is not valid"],
  ["a path with a space", { path: "/a b" }, "the path is not valid"],
])("%s is refused, and does not use up a connection", async (_, odd, reason) => {
  const server = await startHttpServer((_request, response) => response.end());
  const client = clientOf(server.url, { maxConnections: 1 });
  const failure = (await client.request({ ...post, ...odd }, generousMs))._unsafeUnwrapErr();
  expect(failure).toEqual({ kind: "HttpFailure", dispatched: false, final: true, reason });
  expect((await client.request(post, generousMs)).isOk()).toBe(true);
  expect(server.requests).toHaveLength(1);
});

test("an answered request leaves no timer behind", async () => {
  const server = await startHttpServer((_, response) => response.end());
  const client = clientOf(server.url);
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
  const before = timers();
  for (let count = 0; count < 20; count += 1) expect((await client.request(post, 60_000)).isOk()).toBe(true);
  expect(timers() - before).toBeLessThan(10);
});

test("close waits for requests in flight; later requests are not sent", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server = await startHttpServer(async (_, response) => {
    await released;
    response.end();
  });
  const client = clientOf(server.url);
  const answer = client.request(post, generousMs);
  await expect.poll(() => server.requests.length).toBe(1);
  const closed = Promise.all([client.close(), client.close()]);
  release();
  await closed;
  expect((await answer).isOk()).toBe(true);
  expect((await client.request(post, generousMs))._unsafeUnwrapErr()).toMatchObject({
    dispatched: false,
    reason: "client closed",
  });
});

test("a request that waits for a connection when the client is closed is not sent", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server = await startHttpServer(async (_, response) => {
    await released;
    response.end();
  });
  const client = clientOf(server.url, { maxConnections: 1 });
  const first = client.request(post, generousMs);
  await expect.poll(() => server.requests.length).toBe(1);
  const waiting = client.request({ ...post, path: "/waiting" }, generousMs);
  const closed = client.close();
  release();
  expect((await first).isOk()).toBe(true);
  expect((await waiting)._unsafeUnwrapErr()).toMatchObject({ dispatched: false, reason: "client closed" });
  await closed;
  expect(server.requests).toHaveLength(1);
});

test("a reader that throws fails its exchange alone", async () => {
  const server = await startHttpServer((_, response) => response.end());
  const client = clientOf(server.url, { maxConnections: 1 });
  const head = { method: "GET", path: "/", headers: [] } as const;
  const exchange = { head, body: undefined, timeoutMs: generousMs };
  const read = (): never => {
    throw new Error("unreadable");
  };
  await expect(client.exchange({ ...exchange, read })).rejects.toThrow("unreadable");
  expect(await client.exchange({ ...exchange, read: (ended) => ended.isOk() })).toBe(true);
  expect(server.connections()).toBe(1);
});

test.each(["ftp://x", "not a url", "https://user@x", "https://user:pass@x", "https://x/?a=b", "https://x/#a"])(
  "%j is not a base URL, and the error does not repeat it",
  (origin) => {
    const create = () => createHttpClient({ origin, maxConnections: 1 });
    expect(create).toThrow(TypeError);
    expect(create).not.toThrow(origin);
  },
);

async function* pieces(count: number, size: number, asked: { count: number } = { count: 0 }) {
  for (let number = 0; number < count; number += 1) {
    asked.count += 1;
    yield Buffer.alloc(size, String(number % 10));
  }
}

const streaming = (body: AsyncIterable<Uint8Array>) => ({ ...post, body });

test("a streamed body arrives completely, chunked", async () => {
  const server = await startHttpServer((_, response) => response.end());
  expect((await clientOf(server.url).request(streaming(pieces(30, 3)), generousMs)).isOk()).toBe(true);
  const digits = Array.from({ length: 30 }, (_, number) => String(number % 10).repeat(3)).join("");
  expect(server.requests).toMatchObject([{ headers: { "transfer-encoding": "chunked" }, body: digits }]);
});

test("a body is requested no faster than it is consumed", async () => {
  holdManualLimit();
  const { promise: paused, resolve: onPaused } = Promise.withResolvers<Socket>();
  const server = await startRawServer((socket) => onPaused(socket.pause()));
  const asked = { count: 0 };
  const answer = clientOf(server.url).request(streaming(pieces(1000, 65_536, asked)), manualLimitMs);
  await paused;
  await expect.poll(() => asked.count).toBeGreaterThan(0);
  for (let seen = 0; seen !== asked.count;) {
    seen = asked.count;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  reachManualLimit();
  const reason = `timed out after ${manualLimitMs} ms`;
  expect((await answer)._unsafeUnwrapErr()).toMatchObject({ dispatched: true, reason });
  // What the sockets' buffers hold; 1,000 pieces are 64 MB.
  expect(asked.count).toBeLessThan(300);
});

test("waiting for the content does not count", async () => {
  holdManualLimit();
  const server = await startHttpServer((_, response) => response.end());
  async function* slow() {
    for (let number = 0; number < 4; number += 1) {
      reachManualLimit();
      yield Buffer.from("x");
    }
  }
  expect((await clientOf(server.url).request(streaming(slow()), manualLimitMs)).isOk()).toBe(true);
});

test("if the content fails, the server cannot take it for complete, and the client keeps working", async () => {
  const { promise: cut, resolve: onCut } = Promise.withResolvers<string>();
  const server = await startRawServer((socket) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += String(chunk);
      if (text.endsWith("hello")) socket.write(`${ok}content-length: 0\r\n\r\n`);
    });
    socket.on("close", () => onCut(text));
  });
  async function* failing() {
    yield Buffer.from("half");
    throw new Error("the content is gone");
  }
  const client = clientOf(server.url, { maxConnections: 1 });
  expect((await client.request(streaming(failing()), generousMs))._unsafeUnwrapErr()).toMatchObject({
    dispatched: true,
  });
  expect(await cut).toMatch(/half$/);
  expect((await client.request(post, generousMs)).isOk()).toBe(true);
});

test("content is released if an answer comes first", async () => {
  const server = await startRawServer((socket) => {
    socket.once("data", () => socket.write(`${ok}content-length: 2\r\n\r\nno`));
  });
  let isReleased = false;
  const content = {
    [Symbol.asyncIterator]: () => {
      let given = 0;
      return {
        next: async () =>
          (given += 1) === 1 ? { done: false, value: Buffer.from("x") } : new Promise<never>(() => {}),
        return: async () => {
          isReleased = true;
          return { done: true as const, value: undefined };
        },
      };
    },
  };
  const answer = await clientOf(server.url).request(streaming(content), generousMs);
  expect(answer._unsafeUnwrap().body.toString()).toBe("no");
  expect(isReleased).toBe(true);
});

test("content is released unread if there is no connection", async () => {
  const server = await startRawServer(() => {});
  await server.close();
  const asked = { count: 0 };
  const failure = (await clientOf(server.url).request(streaming(pieces(1, 1, asked)), generousMs))._unsafeUnwrapErr();
  expect(failure).toMatchObject({ dispatched: false, reason: "connection refused" });
  expect(asked.count).toBe(0);
});
