import { describe, expect, it } from "vitest";

import { expectProblem, order, useAbusedServer } from "./abused-server.ts";
import { lossy, notJson, notObjects, notUtf8, tooDeep } from "./inputs/json-texts.ts";
import { titleOf } from "./rows.ts";

const server = useAbusedServer();
const routes = ["/api/v1/messages/send", "/api/v1/messages/read", "/api/v1/messages/message-1/resolve"];

describe(titleOf("send: not JSON"), () => {
  it.each(Object.entries(notJson))("%s", async (_, body) => {
    for (const path of routes) await server.expectRefusal({ path, body }, 400);
  });

  it.each(notObjects)("%s", async (body) => {
    for (const path of routes) await server.expectRefusal({ path, body }, 400);
  });

  it("no body at all", async () => {
    const headers = { "content-type": "application/json" };
    for (const path of routes) await server.expectRefusal({ path, headers }, 400);
  });
});

describe(titleOf("send: too deep"), () => {
  it.each(Object.entries(tooDeep))("%s", async (_, body) => {
    for (const path of routes) await server.expectRefusal({ path, body }, 400);
  });
});

describe(titleOf("JSON: losses"), () => {
  it.each(lossy)("%s", async (body) => {
    await server.expectRefusal({ body }, 400);
  });
});

describe(titleOf("send: characters"), () => {
  const [before = "", after = ""] = JSON.stringify({ ...order, message: "#" }).split("#");

  it.each(Object.entries(notUtf8))("%s", async (_, bytes) => {
    const body = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
    await server.expectRefusal({ body }, 400);
  });
});

describe(titleOf("send: too large"), () => {
  const limit = 64 * 1024;
  const ofSize = (size: number) => JSON.stringify(order).padEnd(size);

  async function* chunks(total: number, size = 1000) {
    for (let left = total; left > 0; left -= size) yield Buffer.alloc(Math.min(size, left), "x");
  }

  it.each([limit + 1, 70_000, 1_000_000])("%i bytes with a length", async (size) => {
    for (const path of routes) await server.expectRefusal({ path, body: ofSize(size) }, 413);
  });

  it.each([limit + 1, 160_000, 1_000_000])("%i bytes in chunks", async (size) => {
    const headers = { "content-type": "application/json" };
    for (const path of routes) await server.expectRefusal({ path, headers, body: chunks(size) }, 413);
    await server.expectRefusal({ headers, body: chunks(size, 60_000) }, 413);
  });

  it("an answer is read by a client that goes on sending 20 MB", async () => {
    const head = `POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\n${server.keyLine}`;
    const body = Buffer.from(ofSize(20_000_000));
    const closing = `Connection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
    // The server reads on for a second only, which a busy machine may miss.
    await expect
      .poll(() => server.exchange(`${head}Content-Type: application/json\r\n${closing}`, body))
      .toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each([
    ["a length that nobody sends", "Content-Length: 1000000000000000", 413],
    ["a length beyond any number", `Content-Length: 1${"0".repeat(30)}`, 400],
    ["a negative length", "Content-Length: -1", 400],
    ["a length that is no number", "Content-Length: 0x10", 400],
    ["two lengths", "Content-Length: 1\r\nContent-Length: 2", 400],
    ["a length and chunks", "Content-Length: 1\r\nTransfer-Encoding: chunked", 400],
    ["a transfer encoding that is not supported", "Transfer-Encoding: gzip", 400],
    ["a chunk of 10^30 bytes", `Transfer-Encoding: chunked\r\n\r\n1${"0".repeat(25)}\r\n`, 400],
    ["a chunk without a size", "Transfer-Encoding: chunked\r\n\r\nx\r\n", 400],
  ])("%s", async (_, header, status) => {
    const requests = server.sandbox.graph.requestCount;
    const head = "POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    const answer = await server.exchange(`${head}${server.keyLine}Connection: close\r\n${header}\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain("application/problem+json");
    expect(server.sandbox.graph.requestCount).toBe(requests);
  });

  it("a body of exactly 64 KiB is accepted", async () => {
    const answer = await server.call({ body: ofSize(limit) });
    expect([answer.status, answer.json["status"]]).toEqual([200, "sent"]);
  });
});

describe("an expected answer", () => {
  it("is a problem for a path, a method or an expectation that does not exist, too", async () => {
    for (const [method, path, status] of [
      ["GET", "/", 404],
      ["GET", "/api/v1/messages/send/../../../etc/passwd-of-the-machine", 404],
      ["POST", "/api/v2/messages/send", 404],
      ["PUT", "/api/v1/messages/send", 405],
      ["DELETE", "/api/v1/messages/send", 405],
      ["PATCH", "/healthz", 405],
    ] as const) {
      const answer = await server.call({ method, path });
      expect(answer.status, `${method} ${path}`).toBe(status);
      expectProblem(answer);
    }
  });
});
