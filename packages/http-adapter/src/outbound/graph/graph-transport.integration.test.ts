import { inspect } from "node:util";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";

import { Secret } from "@message-sender/core";
import type { Submission } from "@message-sender/core/adapter";
import { expect, onTestFinished, test } from "vitest";

import { requestRead, sendJson, startHttpServer, startRawServer } from "../../../test/loopback.ts";
import { generousMs } from "../../../test/manual-limit.ts";
import type { GraphTransportOptions } from "./graph-client.ts";
import { createGraphTransport } from "./graph-transport.ts";

const token = "s3cr3t-canary-0123456789";

const submission: Submission = {
  credential: { accessToken: new Secret(token), phoneNumberId: "106540352242922" },
  to: "+628123456789",
  content: { type: "text", text: { body: "Hello! 👋" } },
  callbackData: "ms1:0190:1",
};

function transportTo(url: string, options: GraphTransportOptions = {}) {
  const transport = createGraphTransport({ url, ...options });
  onTestFinished(() => transport.close());
  return transport;
}

async function submitTo(url: string, options: GraphTransportOptions = {}) {
  const result = await transportTo(url, options).submit(submission, generousMs);
  expect(inspect(result, { depth: 9, showHidden: true })).not.toContain(token);
  return result._unsafeUnwrap();
}

/** Reads the request, then writes `bytes` and closes. */
function startAnswering(bytes: string) {
  return startRawServer(async (socket) => {
    await requestRead(socket);
    socket.end(bytes);
  });
}

const accepted = {
  messaging_product: "whatsapp",
  contacts: [{ input: "+628123456789", wa_id: "628123456789" }],
  messages: [{ id: "wamid.HBgN" }],
};

test("sends what the Cloud API expects, and parses its answer", async () => {
  const server = await startHttpServer((_, response) => sendJson(response, 200, accepted));
  expect(await submitTo(server.url)).toEqual({
    kind: "Accepted",
    wamid: "wamid.HBgN",
    waId: "628123456789",
    httpStatus: 200,
  });
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]).toMatchObject({
    method: "POST",
    url: "/v25.0/106540352242922/messages",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body:
      '{"messaging_product":"whatsapp","recipient_type":"individual","to":"+628123456789","type":"text",' +
      '"text":{"body":"Hello! 👋"},"biz_opaque_callback_data":"ms1:0190:1"}',
  });
});

test("sends preview_url if given, to another base URL and version", async () => {
  const server = await startHttpServer((_, response) => sendJson(response, 200, accepted));
  const transport = transportTo(`${server.url}/graph/`, { version: "v26.0" });
  const content = { type: "text", text: { body: "https://x.test", preview_url: false } } as const;
  expect((await transport.submit({ ...submission, content }, generousMs)).isOk()).toBe(true);
  expect(server.requests[0]?.url).toBe("/graph/v26.0/106540352242922/messages");
  expect(JSON.parse(server.requests[0]?.body ?? "")).toMatchObject({
    text: { body: "https://x.test", preview_url: false },
  });
});

test.each([
  ["contacts without wa_id", { ...accepted, contacts: [{ input: "x", user_id: "US.1" }] }],
  ["no contacts", { messages: [{ id: "wamid.HBgN" }] }],
  ["an invalid message_status", { messages: [{ id: "wamid.HBgN", message_status: { held: true } }] }],
  ["a message_status of many words", { messages: [{ id: "wamid.HBgN", message_status: "x".repeat(65) }] }],
  ["invalid contacts", { ...accepted, contacts: "none" }],
])("%s does not invalidate a message id", async (_, body) => {
  const server = await startHttpServer((_request, response) => sendJson(response, 200, body));
  expect(await submitTo(server.url)).toEqual({ kind: "Accepted", wamid: "wamid.HBgN", httpStatus: 200 });
});

test.each(["accepted", "held_for_quality_assessment", "paused", "SOMETHING_NEW"])(
  "keeps the message_status %s",
  async (messageStatus) => {
    const body = { ...accepted, messages: [{ id: "wamid.HBgN", message_status: messageStatus }] };
    const server = await startHttpServer((_, response) => sendJson(response, 200, body));
    expect(await submitTo(server.url)).toMatchObject({ kind: "Accepted", messageStatus });
  },
);

test.each([
  ["a line feed", "EAA\r\nx-evil: 1"],
  ["a character that is not ASCII", "EAAü"],
  ["a NUL", "EAA\0"],
  ["nothing", ""],
])("not sent, final: an access token of %s", async (_, value) => {
  const server = await startHttpServer((_request, response) => sendJson(response, 200, accepted));
  const credential = { ...submission.credential, accessToken: new Secret(value) };
  const result = await transportTo(server.url).submit({ ...submission, credential }, generousMs);
  expect(result._unsafeUnwrap()).toMatchObject({ kind: "NotSent", final: true });
  expect(server.connections()).toBe(0);
});

test.each(["../../me?x=", "..", "", "1/2", "1\r\n2", "\ud800"])(
  "not sent, for good: a phone number id of %j",
  async (phoneNumberId) => {
    const server = await startHttpServer((_, response) => sendJson(response, 200, accepted));
    const credential = { ...submission.credential, phoneNumberId };
    const result = await transportTo(server.url).submit({ ...submission, credential }, generousMs);
    expect(result._unsafeUnwrap()).toMatchObject({ kind: "NotSent", final: true });
    expect(server.connections()).toBe(0);
  },
);

const withBody = (body: string, first = "HTTP/1.1 200 OK") =>
  `${first}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

test.each([
  ["HTML", withBody("<html>ok</html>")],
  ["empty", withBody("")],
  ["{}", withBody("{}")],
  ["null", withBody("null")],
  ["no messages", withBody('{"messages":[]}')],
  ["an id that is a number", withBody('{"messages":[{"id":7}]}')],
  ["an empty id", withBody('{"messages":[{"id":""}]}')],
  ["an id of 10 KB", withBody(JSON.stringify({ messages: [{ id: `wamid.${"x".repeat(10_000)}` }] }))],
  ["an error without a code", withBody('{"error":{"message":"no"}}')],
  ["deeply nested", withBody("[".repeat(100_000))],
  ["another success", withBody('{"success":true}', "HTTP/1.1 201 Created")],
])("ambiguous, saw success: a success whose body is %s", async (_, bytes) => {
  const server = await startAnswering(bytes);
  expect(await submitTo(server.url)).toMatchObject({
    kind: "Ambiguous",
    sawSuccess: true,
    httpStatus: expect.toBeOneOf([200, 201]),
  });
});

test("ambiguous, saw success: a body that is not UTF-8", async () => {
  const server = await startHttpServer((_, response) =>
    response.end(Buffer.from([...Buffer.from('{"messages":[{"id":"wamid.1"}],"x":"'), 0xff, ...Buffer.from('"}')])),
  );
  expect(await submitTo(server.url)).toMatchObject({ kind: "Ambiguous", sawSuccess: true });
});

test("ambiguous, saw success: a body of 50 MB", async () => {
  const huge = await startHttpServer((_, response) => response.end(Buffer.alloc(50 * 2 ** 20, " ")));
  expect(await submitTo(huge.url)).toEqual({
    kind: "Ambiguous",
    sawSuccess: true,
    cause: "response too large",
    httpStatus: 200,
  });
});

test.each([500, 502, 504])("ambiguous: a bare %i", async (status) => {
  const server = await startAnswering(withBody("<html>", `HTTP/1.1 ${status} Oops`));
  expect(await submitTo(server.url)).toMatchObject({ kind: "Ambiguous", sawSuccess: false, httpStatus: status });
});

test("ambiguous: a refusal whose body was lost", async () => {
  const server = await startAnswering("HTTP/1.1 400 Bad Request\r\ncontent-length: 500\r\n\r\n{");
  expect(await submitTo(server.url)).toMatchObject({ kind: "Ambiguous", sawSuccess: false, httpStatus: 400 });
});

test("throttled or temporarily refused: a bare 429 and a bare 503, with Retry-After", async () => {
  const answer = (status: number, retryAfter: string) =>
    startHttpServer((_, response) =>
      response.writeHead(status, { "retry-after": retryAfter, date: "Mon, 23 Nov 2026 10:00:00 GMT" }).end(),
    );
  const seconds = await answer(429, "7");
  expect(await submitTo(seconds.url)).toMatchObject({ kind: "Throttled", scope: "app", retryAfterMs: 7000 });
  const garbage = await answer(429, "soon");
  expect(await submitTo(garbage.url)).not.toHaveProperty("retryAfterMs");
  const date = await answer(503, "Mon, 23 Nov 2026 10:00:09 GMT");
  expect(await submitTo(date.url)).toMatchObject({
    kind: "Refused",
    final: false,
    maybeProcessed: false,
    retryAfterMs: 9000,
  });
});

test.each([
  [307, { kind: "Refused", final: true, failure: { class: "protocol" } }],
  [401, { kind: "CredentialRefused" }],
  [404, { kind: "Refused", final: true, failure: { class: "request" } }],
])("a bare %i, once and not followed", async (status, expected) => {
  const server = await startHttpServer((_, response) => response.writeHead(status, { location: "/elsewhere" }).end());
  expect(await submitTo(server.url)).toMatchObject(expected);
  expect(server.requests).toHaveLength(1);
});

test.each([
  [500, 3, { kind: "Refused", final: true, failure: { class: "permission" } }],
  [400, 130429, { kind: "Throttled", scope: "number", retryAfterMs: 4000 }],
  [400, 131056, { kind: "Throttled", scope: "pair" }],
  [500, 131057, { kind: "Throttled", scope: "maintenance", retryAfterMs: 60_000 }],
  [401, 190, { kind: "CredentialRefused", failure: { fbtraceId: "Abc" } }],
  [400, 131026, { kind: "Refused", final: true, failure: { class: "recipient" } }],
  [500, 131000, { kind: "Refused", final: false, maybeProcessed: true }],
  [200, 131000, { kind: "Refused", final: false, maybeProcessed: true }],
  [200, 131047, { kind: "Refused", final: true }],
])("HTTP %i with error %i", async (status, code, expected) => {
  const error = { message: `(#${code}) ${token}`, type: "OAuthException", code, fbtrace_id: "Abc" };
  const server = await startHttpServer((_, response) => sendJson(response, status, { error }, { "retry-after": "4" }));
  expect(await submitTo(server.url)).toMatchObject(expected);
});

const hidden = [
  ["in clear", token],
  ["in base64", Buffer.from(`Bearer ${token}`).toString("base64url")],
  ["in hexadecimal", Buffer.from(token).toString("hex").toUpperCase()],
  ["in other letters", token.toUpperCase()],
  ["in part", token.slice(0, 14)],
] as const;

test.each(hidden)("ambiguous, saw success: a message id that holds the token %s", async (_, text) => {
  for (const id of [text, `wamid.${text}`, `wamid.HBgN${text}xx==`]) {
    const server = await startHttpServer((_request, response) => sendJson(response, 200, { messages: [{ id }] }));
    const outcome = await submitTo(server.url);
    expect(outcome).toMatchObject({ kind: "Ambiguous", sawSuccess: true, httpStatus: 200 });
    expect(JSON.stringify(outcome)).not.toContain(text);
  }
});

test.each(hidden)("a message id is accepted, but no other field that contains the token %s", async (_, text) => {
  const body = {
    contacts: [{ input: text, wa_id: text }],
    messages: [{ id: "wamid.HBgN", message_status: text.replace(/[^A-Za-z]/g, "") }],
    [text]: text,
  };
  const server = await startHttpServer((_request, response) => sendJson(response, 200, body));
  const outcome = await submitTo(server.url);
  expect(JSON.stringify(outcome)).not.toContain(text);
});

test("a wa_id with the token is omitted, and the message id is accepted", async () => {
  const body = { ...accepted, contacts: [{ input: "x", wa_id: `x${token}` }] };
  const server = await startHttpServer((_, response) => sendJson(response, 200, body));
  expect(await submitTo(server.url)).toEqual({ kind: "Accepted", wamid: "wamid.HBgN", httpStatus: 200 });
});

test.each([...hidden, ["over two lines", `${token.slice(0, 12)}\n${token.slice(12)}`] as const])(
  "an error says nothing that holds the token %s, in whatever field",
  async (_, text) => {
    const fields = { message: text, error_user_title: text, error_user_msg: text, fbtrace_id: text, type: text };
    for (const error of [
      { ...fields, code: 131026, error_data: { details: `no: ${text}` } },
      { ...fields, code: 131026 },
      { ...fields, message: undefined, title: text, code: 131026 },
    ]) {
      const server = await startHttpServer((_request, response) => sendJson(response, 400, { error }));
      const outcome = await submitTo(server.url);
      expect(outcome).toMatchObject({ kind: "Refused", final: true, failure: { code: 131026 } });
      expect(JSON.stringify(outcome).replaceAll(/\\[a-z]| /g, "")).not.toContain(text.replace("\n", ""));
      expect(JSON.stringify(outcome)).toContain("[redacted]");
    }
  },
);

test("throttled: an unknown code with HTTP 429, but not in a webhook", async () => {
  const error = { message: "Slow down", code: 999_999 };
  const server = await startHttpServer((_, response) => sendJson(response, 429, { error }, { "retry-after": "4" }));
  expect(await submitTo(server.url)).toMatchObject({ kind: "Throttled", scope: "number", retryAfterMs: 4000 });
  expect(transportTo(server.url).describeFailure(error)).toMatchObject({ class: "request" });
});

test.each([
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["br", brotliCompressSync],
  ["gzip, br", (body: Buffer) => brotliCompressSync(gzipSync(body))],
  ["identity", (body: Buffer) => body],
])("an answer should be unencoded, but is decoded if necessary: %s", async (encoding, encode) => {
  const server = await startHttpServer((_, response) =>
    response.writeHead(200, { "content-encoding": encoding }).end(encode(Buffer.from(JSON.stringify(accepted)))),
  );
  expect(await submitTo(server.url)).toMatchObject({ kind: "Accepted", wamid: "wamid.HBgN" });
  expect(server.requests[0]?.headers).toMatchObject({ "accept-encoding": "identity" });
});

const bomb = (encode: (body: Buffer) => Buffer) => encode(Buffer.alloc(64 * 2 ** 20, " "));
const wholeAnswer = Buffer.from(JSON.stringify(accepted));

test.each([
  ["gzip", gzipSync(wholeAnswer).subarray(0, 30)],
  ["gzip", Buffer.from("<html>")],
  ["compress", gzipSync(wholeAnswer)],
  ["toString", gzipSync(wholeAnswer)],
  ["gzip, gzip, gzip, gzip", gzipSync(gzipSync(gzipSync(gzipSync(wholeAnswer))))],
  ["gzip", bomb(gzipSync)],
  ["br", bomb(brotliCompressSync)],
  ["gzip, gzip", bomb((body) => gzipSync(gzipSync(body)))],
])("an unreadable answer in %s is classified by its status", async (encoding, body) => {
  const answered = async (status: number) => {
    const server = await startHttpServer((_, response) =>
      response.writeHead(status, { "content-encoding": encoding }).end(body),
    );
    return submitTo(server.url);
  };
  expect(await answered(200)).toMatchObject({ kind: "Ambiguous", sawSuccess: true, httpStatus: 200 });
  expect(await answered(500)).toMatchObject({ kind: "Ambiguous", sawSuccess: false, httpStatus: 500 });
  expect(await answered(503)).toMatchObject({ kind: "Refused", final: false });
  expect(await answered(400)).toMatchObject({ kind: "Refused", final: true });
});

test("own rules for a code take precedence, in answers and in webhooks", async () => {
  const server = await startHttpServer((_, response) => sendJson(response, 400, { error: { code: 131026 } }));
  const errorRules = { 131026: { class: "transient", maybeProcessed: false, title: "T", advice: "A" } } as const;
  expect(await submitTo(server.url, { errorRules })).toMatchObject({ kind: "Refused", final: false });
  const transport = transportTo(server.url, { errorRules });
  expect(transport.describeFailure({ code: 131026 })).toMatchObject({ class: "transient", advice: "A" });
  expect(transport.describeFailure({ code: 131047 })).toMatchObject({ class: "recipient" });
  expect(transport.describeFailure("no error")).toBeUndefined();
});

test("an invalid version is refused at once", () => {
  expect(() => createGraphTransport({ version: "25" })).toThrow(TypeError);
});
