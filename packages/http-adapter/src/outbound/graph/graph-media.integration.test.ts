import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { Secret } from "@message-sender/core";
import { describeMediaContract, type MediaScenario, type ReceivedFile } from "@message-sender/core/contracts";
import { createSystemClock } from "@message-sender/core/node";
import { expect, onTestFinished, test } from "vitest";

import { startHttpServer, startRawServer } from "../../../test/loopback.ts";
import { generousMs } from "../../../test/manual-limit.ts";
import { createGraphMedia } from "./graph-media.ts";

const graphError = (code: number, message: string) =>
  JSON.stringify({ error: { message, type: "OAuthException", code } });

const answers: Partial<Record<MediaScenario, readonly [number, (token: string) => string]>> = {
  "rejects permanently": [400, () => graphError(131053, "media upload error")],
  "rejects temporarily": [503, () => ""],
  throttles: [400, () => graphError(130429, "rate limit hit")],
  "rejects the credential": [401, () => graphError(190, "the token has expired")],
  "quotes the credential": [400, (token) => graphError(100, `what is ${token}?`)],
};

/** A Graph API that records its requests and answers as configured. */
async function startGraph() {
  let scenario: MediaScenario = "takes";
  let requests = 0;
  const files: ReceivedFile[] = [];

  async function onRequest(socket: Socket): Promise<void> {
    const chunks: Buffer[] = [];
    if (scenario === "stops taking") {
      socket.pause();
      requests += 1;
      return;
    }
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    if (scenario === "answers too early") {
      await once(socket, "data");
      requests += 1;
      return void socket.pause().write('HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{"id":"early"}');
    }
    for (;;) {
      await once(socket, "data");
      if (Buffer.concat(chunks.slice(-2)).subarray(-5).toString("latin1") === "0\r\n\r\n") break;
    }
    requests += 1;
    const { head, form } = dechunk(Buffer.concat(chunks));
    const token = /authorization: Bearer (\S+)/i.exec(head)?.[1] ?? "";
    if (scenario === "drops the connection") return void socket.destroy();
    if (scenario === "never answers") return;
    const [status, body] = answers[scenario] ?? [200, () => JSON.stringify({ id: `media-${requests}` })];
    if (status === 200) files.push(parseForm(head, form, token));
    const text = body(token);
    socket.end(
      `HTTP/1.1 ${status} X\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
    );
  }
  const server = await startRawServer((socket) => void onRequest(socket).catch(() => {}));
  return {
    server,
    files,
    requests: () => requests,
    async arrange(next: MediaScenario) {
      scenario = next;
      if (next === "cannot be reached") await server.close();
    },
  };
}

function dechunk(bytes: Buffer): { head: string; form: Buffer } {
  const headEnd = bytes.indexOf("\r\n\r\n") + 4;
  const pieces: Buffer[] = [];
  for (let at = headEnd; ;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!(size > 0)) return { head: bytes.toString("latin1", 0, headEnd), form: Buffer.concat(pieces) };
    pieces.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 4 + size;
  }
}

function parseForm(head: string, form: Buffer, accessToken: string): ReceivedFile {
  const boundary = /boundary=(\S+)/.exec(head)?.[1] ?? "";
  const start = form.indexOf('name="file"');
  const bytesStart = form.indexOf("\r\n\r\n", start) + 4;
  const about = form.toString("utf8", 0, bytesStart);
  expect(about).toContain('name="messaging_product"\r\n\r\nwhatsapp\r\n');
  const [, type] = /name="type"\r\n\r\n(.*)\r\n/.exec(about) ?? [];
  const [, filename = "", mimeType = ""] = /filename="(.*)"\r\nContent-Type: (.*)\r\n/.exec(about) ?? [];
  expect(type).toBe(mimeType);
  return {
    phoneNumberId: /^POST \/v25\.0\/([^/]+)\/media HTTP/.exec(head)?.[1] ?? "",
    accessToken,
    mimeType,
    filename,
    bytes: Uint8Array.from(form.subarray(bytesStart, form.lastIndexOf(`\r\n--${boundary}--\r\n`))),
  };
}

describeMediaContract({
  name: "Graph media",
  async setup() {
    const graph = await startGraph();
    const media = createGraphMedia({ url: graph.server.url });
    return {
      media,
      clock: createSystemClock(),
      arrange: graph.arrange,
      received: () => graph.files,
      requests: graph.requests,
      async close() {
        await media.close();
        await graph.server.close();
      },
    };
  },
});

test("a file name cannot break out of its header", async () => {
  const server = await startHttpServer((_, response) => response.end(JSON.stringify({ id: "1" })));
  const media = createGraphMedia({ url: server.url });
  onTestFinished(() => media.close());
  async function* content() {
    yield Buffer.from("x");
  }
  const uploaded = await media.upload(
    {
      credential: { accessToken: new Secret("token"), phoneNumberId: "1" },
      mimeType: "application/pdf",
      filename: 'a"\r\nX-Evil: 1\r\n\r\nb.pdf',
      content: content(),
    },
    generousMs,
  );
  uploaded._unsafeUnwrap();
  expect(server.requests[0]?.body).toContain('filename="a%22%0D%0AX-Evil: 1%0D%0A%0D%0Ab.pdf"\r\n');
});

test("a success without an id is ambiguous, and files use no more connections than configured", async () => {
  const server = await startHttpServer((_, response) => response.end("{}"));
  const media = createGraphMedia({ url: server.url, maxConnections: 2 });
  onTestFinished(() => media.close());
  async function* content() {
    yield Buffer.from("x");
  }
  const credential = { accessToken: new Secret("token"), phoneNumberId: "1" };
  const uploads = Array.from({ length: 6 }, () =>
    media.upload({ credential, mimeType: "application/pdf", filename: "a.pdf", content: content() }, generousMs),
  );
  for (const uploaded of await Promise.all(uploads)) {
    expect(uploaded._unsafeUnwrapErr()).toMatchObject({ kind: "Ambiguous", sawSuccess: true });
  }
  expect(server.connections()).toBeLessThanOrEqual(2);
});

test("an id that contains the access token is ignored", async () => {
  const token = `EAAG${"x7Qp".repeat(20)}`;
  const server = await startHttpServer(({ headers }, response) =>
    response.end(JSON.stringify({ id: Buffer.from(headers.authorization ?? "").toString("base64") })),
  );
  const media = createGraphMedia({ url: server.url });
  onTestFinished(() => media.close());
  async function* content() {
    yield Buffer.from("x");
  }
  const credential = { accessToken: new Secret(token), phoneNumberId: "1" };
  const given = { credential, mimeType: "application/pdf", filename: "a.pdf", content: content() };
  expect((await media.upload(given, generousMs))._unsafeUnwrapErr()).toMatchObject({
    kind: "Ambiguous",
    sawSuccess: true,
  });
});

test("a chunk has been sent when the next is requested, however slowly WhatsApp reads: its memory can be reused", async () => {
  const size = 4096;
  const count = 5000;
  let asked = 0;
  async function* reusing() {
    const piece = Buffer.alloc(size);
    for (; asked < count; asked += 1) yield piece.fill((asked % 250) + 1);
    piece.fill(0);
  }
  const chunks: Buffer[] = [];
  const server = createServer(async (incoming, response) => {
    for (let seen = -1, turns = 0; turns < 200; turns = asked === seen ? turns + 1 : 0) {
      seen = asked;
      await new Promise(setImmediate);
    }
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    response.end(JSON.stringify({ id: "1" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const media = createGraphMedia({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  onTestFinished(async () => {
    await media.close();
    server.close();
  });
  const credential = { accessToken: new Secret("token"), phoneNumberId: "1" };
  const given = { credential, mimeType: "application/pdf", filename: "a.pdf", content: reusing() };
  expect((await media.upload(given, generousMs)).isOk()).toBe(true);
  const body = Buffer.concat(chunks);
  const start = body.indexOf("\r\n\r\n", body.indexOf('name="file"')) + 4;
  const isRight = Array.from({ length: count }, (_, index) =>
    body.subarray(start + index * size, start + (index + 1) * size).every((byte) => byte === (index % 250) + 1),
  );
  expect(isRight.indexOf(false)).toBe(-1);
});
