import { describe, expect, it } from "vitest";

import { order } from "../../../test/app.ts";
import { afterAnswer, chunkedRequest, rawClient, sendRequest } from "../../../test/raw-client.ts";
import { startGated } from "../../../test/server.ts";

const generous = { timeout: 15_000 };
const body = JSON.stringify(order);
const whole = sendRequest(body);

describe("a request that does not arrive in time", () => {
  it("gets 408, and nothing after it is processed", async () => {
    const { port, submitted, answer } = await startGated();
    answer();
    const chunked = chunkedRequest(body);
    const pipelined = rawClient(port, [whole.slice(0, -20), afterAnswer, body.slice(-20) + whole]);
    const chunks = rawClient(port, [chunked.slice(0, -20), afterAnswer, chunked.slice(-20) + whole]);
    const head = rawClient(port, [whole.slice(0, 30), afterAnswer, whole.slice(30)]);
    for (const client of [pipelined, chunks, head]) {
      await client.ended;
      expect(client.statuses()).toEqual([408]);
      expect(client.answer()).toMatch(/^connection: close\r$/im);
    }
    for (const client of [pipelined, chunks, head]) await client.gone();
    expect(submitted).toEqual([]);
  }, 30_000);

  it("gets its answer or 408, never both", async () => {
    const { port, submitted, answer } = await startGated();
    answer();
    const clients = Array.from({ length: 300 }, (_, number) => {
      const text = JSON.stringify({ ...order, message: `client ${number}.` });
      const request = sendRequest(text);
      return rawClient(port, [request.slice(0, -20), 7000 + number * 10, request.slice(-20)]);
    });
    await expect.poll(() => clients.every((client) => client.statuses().length === 1), { timeout: 20_000 }).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const sent = clients.map((_, number) => submitted.some((text) => text.includes(`client ${number}.`)));
    expect(clients.map((client) => client.statuses())).toEqual(sent.map((isSent) => (isSent ? [200] : [408])));
    expect(new Set(sent)).toEqual(new Set([true, false]));
  }, 40_000);

  it("does not affect the answer to the request before it", async () => {
    const { port, submitted, answer } = await startGated();
    const clients = [whole.slice(0, 30), whole.slice(0, -20)].map((stalled) => rawClient(port, [whole + stalled]));
    await expect.poll(() => submitted.length, generous).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 7000));
    for (const client of clients) expect(client.statuses()).toEqual([]);
    answer();
    for (const client of clients) {
      await client.ended;
      expect(client.statuses()).toEqual([200, 408]);
      await client.gone();
    }
    expect(submitted).toHaveLength(2);
  }, 40_000);

  it("is dropped within 15 s, although the client keeps its half of the connection open", async () => {
    const { port } = await startGated();
    const startedAt = performance.now();
    const clients = Array.from({ length: 100 }, (_, number) =>
      rawClient(port, [["", "POST /api", whole.slice(0, -20), "junk\r\n\r\n"][number % 4] ?? ""]),
    );
    await Promise.all(clients.map((client) => client.ended));
    await Promise.all(clients.map((client) => client.gone()));
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  }, 40_000);
});
