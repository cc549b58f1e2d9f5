import { describe, expect, it } from "vitest";

import { order, theirs, useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";

const server = useAbusedServer();

describe(titleOf("send: malformed key"), () => {
  it.each([
    ["empty", ""],
    ["a space", " "],
    ["256 characters", "k".repeat(256)],
    ["10 KB", "k".repeat(10_000)],
    ["with a space", "order 4711"],
    ["two in one header", "order-4711, order-4712"],
    ["in a list", "order-4711,\torder-4712"],
    ["with a tab", "order\t4711"],
    ["in quotes with a space", '"order 4711"'],
    ["beyond ASCII", "ordre-4711-é"],
  ])("%s", async (_, key) => {
    const headers = { "idempotency-key": Buffer.from(key).toString("latin1") };
    await server.expectRefusal({ headers, body: JSON.stringify(order) }, 400);
  });

  it("two headers", async () => {
    for (const keys of [
      ["order-4711", "order-4712"],
      ["order-4711", "order-4711"],
    ]) {
      await server.expectRefusal({ headers: { "idempotency-key": keys }, body: JSON.stringify(order) }, 400);
    }
  });

  it.each([
    ["NUL", "\u0000"],
    ["an escape", "\u001B[2J"],
    ["a delete", "\u007F"],
    ["a vertical tab", "\u000B"],
    ["a C1 control", "\u009B"],
    ["a folded line", "\r\n continued"],
    ["a carriage return alone", "\rX-Injected: 1"],
    ["a newline that begins another header", "\nX-Injected: 1"],
  ])("%s in it", async (_, character) => {
    const requests = server.sandbox.graph.requestCount;
    const body = JSON.stringify(order);
    const head = `POST /api/v1/messages/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n`;
    const text = `${head}${server.keyLine}Idempotency-Key: order${character}4711 a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const answer = await server.exchange(Buffer.from(text, "latin1"));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain("application/problem+json");
    expect(answer.toLowerCase()).not.toContain("injected");
    expect(server.sandbox.graph.requestCount).toBe(requests);
  });
});

describe(titleOf("send: same key"), () => {
  it("with another body: 422, and nothing of the first body", async () => {
    const headers = { "idempotency-key": "order-4711" };
    const first = await server.send(order, headers);
    expect(first.status).toBe(200);
    const requests = server.sandbox.graph.requestCount;
    for (const change of [
      { message: "Hello! Your order is late." },
      { to: "+628123456780" },
      { reference: "another" },
      { reference: "" },
      { on_ambiguous: "hold" },
      { conversation_id: "another" },
      { message: { body: order.message } },
    ]) {
      const { status, json, text } = await server.send({ ...order, ...change }, headers);
      expect([status, json["type"]]).toEqual([422, "/problems/idempotency-key-reused"]);
      for (const value of [order.message, order.to, order.conversation_id]) expect(text).not.toContain(value);
    }
    const again = await server.send(Object.fromEntries(Object.entries(order).toReversed()), headers);
    expect(again.status).toBe(200);
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(again.json["message_id"]).toBe(first.json["message_id"]);
    expect(server.sandbox.graph.requestCount).toBe(requests);
  });

  it("of another tenant: another message", async () => {
    const headers = { "idempotency-key": "order-4712" };
    const one = await server.send(order, headers);
    const other = await server.send({ ...order, ...theirs, message: "Another" }, headers);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(one.json["message_id"]).not.toBe(other.json["message_id"]);
  });

  it("of another case: another message", async () => {
    const keys = ["order-a", "order-A", "Order-a"];
    const sent = await Promise.all(keys.map((key) => server.send(order, { "idempotency-key": key })));
    expect(new Set(sent.map(({ json }) => json["message_id"])).size).toBe(3);
  });

  it("100 times at once: one send, one id", async () => {
    const requests = server.sandbox.graph.requestCount;
    const headers = { "idempotency-key": "order-4713" };
    const answers = await Promise.all(Array.from({ length: 100 }, () => server.send(order, headers)));
    expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    const ids = answers.flatMap(({ json }) => (json["message_id"] === undefined ? [] : [json["message_id"]]));
    expect(new Set(ids).size).toBe(1);
    expect(server.sandbox.graph.requestCount).toBe(requests + 1);
  });

  it("100 times at once, each with another body: one send, and 422 for the others", async () => {
    const requests = server.sandbox.graph.requestCount;
    const headers = { "idempotency-key": "order-4714" };
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, number) => server.send({ ...order, message: `Order ${number}` }, headers)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 200 && status !== 422 && status !== 409)).toEqual([]);
    expect(server.sandbox.graph.requestCount).toBe(requests + 1);
  });
});

describe("send: odd preferences and traces: 400, or ignored", () => {
  it.each(["wait=soon", "wait", "wait=-1", "wait=1.5", "wait=1e3", `wait=${"9".repeat(30)}`, "wait=0x10"])(
    "Prefer: %s",
    async (prefer) => {
      await server.expectRefusal({ headers: { prefer }, body: JSON.stringify(order) }, 400);
    },
  );

  it.each([
    { traceparent: "00-0-0-0" },
    { traceparent: `00-${"0".repeat(32)}-${"0".repeat(16)}-01` },
    { traceparent: "x".repeat(8000) },
    { "x-request-id": "a b" },
    { "x-request-id": "i".repeat(8000) },
    { "x-request-id": "" },
  ])("%o", async (headers) => {
    const answer = await server.send(order, headers);
    expect(answer.status).toBe(200);
    for (const [name, value] of Object.entries(headers)) expect(answer.headers[name]).not.toBe(value);
  });
});
