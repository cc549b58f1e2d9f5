import { Secret } from "@message-sender/core";
import { createManualClock } from "@message-sender/core/in-memory";
import { expect, onTestFinished, test } from "vitest";

import { sendJson, startHttpServer } from "../../../test/loopback.ts";
import { runForMessages } from "../../trace-context.ts";
import { createServiceClient, path, type ServiceClientOptions } from "./service-client.ts";

function clientOf(url: string, options: Partial<ServiceClientOptions> = {}) {
  const client = createServiceClient({ url, ...options });
  onTestFinished(() => client.close());
  return client;
}

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("calls carry the token, the current trace, a key and JSON", async () => {
  const server = await startHttpServer((_, response) => sendJson(response, 200, { a: 1 }));
  const client = clientOf(server.url, { token: new Secret("service-token") });
  const answer = await runForMessages([traceparent], () =>
    client.call({ method: "POST", path: "/x", body: { b: 2 }, idempotencyKey: "key" }),
  );
  expect(answer._unsafeUnwrap()).toEqual({ status: 200, body: { a: 1 }, date: expect.any(Date) });
  expect(server.requests[0]).toMatchObject({
    body: '{"b":2}',
    headers: {
      authorization: "Bearer service-token",
      "content-type": "application/json",
      "idempotency-key": "key",
      traceparent,
    },
  });
});

test("a trace is passed on if there is one, and a malformed one is omitted", async () => {
  const server = await startHttpServer((_, response) => sendJson(response, 200, {}));
  const client = clientOf(server.url);
  const other = traceparent.replace("00-0", "00-f");
  const call = () => client.call({ method: "GET", path: "/x" });
  const inside = () => runForMessages([other], call);
  expect((await runForMessages([traceparent], inside)).isOk()).toBe(true);
  expect((await runForMessages(["00-x\r\nevil: 1"], call)).isOk()).toBe(true);
  expect((await call()).isOk()).toBe(true);
  expect(server.requests.map(({ headers }) => headers.traceparent)).toEqual([other, undefined, undefined]);
  expect(server.requests[2]?.headers).not.toHaveProperty("authorization");
});

test("Retry-After is read with 429 and 503 only", async () => {
  const server = await startHttpServer(({ url }, response) =>
    response.writeHead(Number(url.slice(1)), { "retry-after": "9" }).end("<html>"),
  );
  const now = new Date("2026-11-23T10:00:00Z");
  const client = clientOf(server.url, { clock: createManualClock(now) });
  const retryAt = new Date("2026-11-23T10:00:09Z");
  for (const [status, expected] of [
    [429, { retryAt, said: "<html>" }],
    [503, { retryAt, said: "<html>" }],
    [500, { said: "<html>" }],
  ] as const) {
    const answer = await client.call({ method: "GET", path: `/${status}` });
    expect(answer._unsafeUnwrap()).toEqual({ status, body: undefined, date: expect.any(Date), ...expected });
  }
});

test("a late, oversized or missing answer is Unavailable, without the token", async () => {
  const token = new Secret("service-token");
  const slow = await startHttpServer(() => {});
  const huge = await startHttpServer((_, response) => response.end(Buffer.alloc(2 ** 21, " ")));
  for (const [url, timeoutMs, reason] of [
    [slow.url, 100, "timed out after 100 ms"],
    [huge.url, 30_000, "response too large"],
    ["http://127.0.0.1:1", 30_000, "connection refused"],
  ] as const) {
    const error = (await clientOf(url, { token, timeoutMs }).call({ method: "GET", path: "/" }))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: "Unavailable", reason });
    expect(JSON.stringify(error)).not.toContain("service-token");
  }
});

test("values in a path are encoded", () => {
  expect(path`/a/${"x/../y?z=1#"}/b/${"\ud800"}`).toBe("/a/x%2F..%2Fy%3Fz%3D1%23/b/%EF%BF%BD");
});
