import { describe, expect, it } from "vitest";

import { order } from "../../../test/app.ts";
import { afterAnswer, chunkedRequest, rawClient, sendRequest } from "../../../test/raw-client.ts";
import { shortLimits, startGated } from "../../../test/server.ts";

const body = JSON.stringify(order);
const whole = sendRequest(body);
const limits = shortLimits;

describe("a request that does not arrive in time", () => {
  it("gets 408, and nothing after it is processed", async () => {
    const { port, submitted, answer } = await startGated({ limits });
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
  });

  it("gets its answer or 408, never both", async () => {
    const { port, submitted, answer } = await startGated({ limits });
    answer();
    // The last two of them are in time and late for certain.
    const pauses = [...Array.from({ length: 300 }, (_, number) => 700 + number), 0, afterAnswer] as const;
    const clients = pauses.map((pause, number) => {
      const text = JSON.stringify({ ...order, message: `client ${number}.` });
      const request = sendRequest(text);
      return rawClient(port, [request.slice(0, -20), pause, request.slice(-20)]);
    });
    await expect.poll(() => clients.every((client) => client.statuses().length === 1)).toBe(true);
    for (const client of clients) if (client.statuses()[0] === 408) await client.gone();
    const sent = clients.map((_, number) => submitted.some((text) => text.includes(`client ${number}.`)));
    expect(clients.map((client) => client.statuses())).toEqual(sent.map((isSent) => (isSent ? [200] : [408])));
    expect(new Set(sent)).toEqual(new Set([true, false]));
  });

  it("does not affect the answer to the request before it", async () => {
    const { port, submitted, answer } = await startGated({ limits });
    const clients = [whole.slice(0, 30), whole.slice(0, -20)].map((stalled) => rawClient(port, [whole + stalled]));
    await expect.poll(() => submitted.length).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const client of clients) expect(client.statuses()).toEqual([]);
    answer();
    for (const client of clients) {
      await client.ended;
      expect(client.statuses()).toEqual([200, 408]);
      await client.gone();
    }
    expect(submitted).toHaveLength(2);
  });

  it("is dropped, although the client keeps its half of the connection open", async () => {
    const { port } = await startGated({ limits });
    const clients = Array.from({ length: 100 }, (_, number) =>
      rawClient(port, [["", "POST /api", whole.slice(0, -20), "junk\r\n\r\n"][number % 4] ?? ""]),
    );
    await Promise.all(clients.map((client) => client.ended));
    await Promise.all(clients.map((client) => client.gone()));
  });
});
