import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, Socket } from "node:net";
import { text } from "node:stream/consumers";

import { describe, expect, it, onTestFinished } from "vitest";

import { GatheredRequest } from "./gathered-request.ts";

/** Gathers the body of a request that arrives as Node's parser passes it on, in pieces, and perhaps not to its end. */
async function gather(pieces: readonly string[], isWhole: boolean) {
  const request = new GatheredRequest(new Socket());
  const gathered = new Promise<Buffer | undefined>((resolve) => request.gather(resolve));
  for (const piece of pieces) request.push(Buffer.from(piece));
  if (isWhole) endBody(request);
  return { request, body: (await gathered)?.toString() };
}

function endBody(request: GatheredRequest): void {
  request.complete = true;
  request.push(null);
}

describe("a request that arrives with its body", () => {
  it.each([[["whole"]], [["who", "le"]]])("has it without its stream: %j", async (pieces) => {
    const { request, body } = await gather(pieces, true);
    expect(body).toBe("whole");
    expect(request.resume().readableFlowing).toBe(null);
    expect(request.readableEnded).toBe(true);
  });
});

describe("a request whose body is still to arrive", () => {
  it.each([[[]], [["who"]], [["wh", "o"]]])("has all of it in its stream: %j", async (pieces) => {
    const { request, body } = await gather(pieces, false);
    expect([body, request.readableEnded]).toEqual([undefined, false]);
    request.push(Buffer.from("le"));
    endBody(request);
    expect(await text(request)).toBe(`${pieces.join("")}le`);
    expect(request.readableEnded).toBe(true);
  });
});

it("a request without a body has the end of its stream", async () => {
  const { request, body } = await gather([], true);
  expect(body).toBe(undefined);
  expect(await text(request)).toBe("");
});

it("keeps no headers once they are read, in whatever form they are asked for", async () => {
  const server = createServer({ IncomingMessage: GatheredRequest });
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  onTestFinished(() => void client.destroy());
  client.write("GET / HTTP/1.1\r\nhost: example.com\r\n\r\n");
  const [request] = (await once(server, "request")) as [GatheredRequest];
  request.forgetHeaders();
  const { headers, headersDistinct, rawHeaders } = request;
  expect({ headers, headersDistinct, rawHeaders }).toEqual({ headers: {}, headersDistinct: {}, rawHeaders: [] });
});
