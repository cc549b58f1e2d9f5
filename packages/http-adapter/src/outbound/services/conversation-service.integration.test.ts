import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";

import { Secret } from "@message-sender/core";
import { type HistoryEntry, historyResultKind } from "@message-sender/core/adapter";
import { expect, onTestFinished, test } from "vitest";

import { type ReceivedRequest, sendJson, startHttpServer } from "../../../test/loopback.ts";
import { holdManualLimit, manualLimitMs, reachManualLimit } from "../../../test/manual-limit.ts";
import { createConversationServiceHistory } from "./conversation-service.ts";
import { createServiceClient } from "./service-client.ts";

type Answer = (request: ReceivedRequest, response: ServerResponse) => unknown;

let now: Date;

async function historyAt(answer: Answer, token?: string) {
  now = new Date("2026-11-23T10:00:00Z");
  const server = await startHttpServer(answer);
  const clock = { now: () => now, monotonicMs: () => now.getTime(), sleep: () => new Promise<void>(() => {}) };
  const client = createServiceClient({
    url: server.url,
    timeoutMs: manualLimitMs,
    clock,
    ...(token !== undefined && { token: new Secret(token) }),
  });
  onTestFinished(() => client.close());
  const history = createConversationServiceHistory(client, { clock });
  const results = async (...entries: readonly HistoryEntry[]) => (await history.store(entries))._unsafeUnwrap();
  const kinds = async (...entries: readonly HistoryEntry[]) => (await results(...entries)).map(historyResultKind);
  return { server, history, results, kinds };
}

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

const entryOf = (number: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  messageId: `m${number}`,
  version: 2,
  correction: false,
  conversationId: `c${number}`,
  outlet: { tenantId: "t1", outletId: "o1" },
  to: "+628123456789",
  content: { type: "text", text: { body: "Hello" } },
  whatsappMessageId: "wamid.1",
  status: "sent",
  sentAt: new Date("2026-11-23T10:00:00Z"),
  ...more,
});

const encoded = {
  message_id: "m1",
  version: 2,
  tenant_id: "t1",
  outlet_id: "o1",
  direction: "outbound",
  to: "+628123456789",
  message_type: "text",
  message: "Hello",
  whatsapp_message_id: "wamid.1",
  status: "sent",
  sent_at: "2026-11-23T10:00:00.000Z",
};

const bodyOf = ({ body }: ReceivedRequest) => JSON.parse(body) as { messages: { message_id: string }[] };

test("one entry is posted alone, under its message's id and trace", async () => {
  const { server, kinds } = await historyAt((_, response) => sendJson(response, 201, {}));
  expect(await kinds(entryOf(1, { traceparent }))).toEqual(["stored"]);
  expect(server.requests).toMatchObject([
    {
      method: "POST",
      url: "/api/v1/conversations/c1/messages",
      headers: { "idempotency-key": "m1", traceparent },
    },
  ]);
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual(encoded);
});

test("a correction has its own key, and only the known fields", async () => {
  const { server, history } = await historyAt((_, response) => sendJson(response, 200, {}));
  const {
    whatsappMessageId: _,
    sentAt: __,
    ...unsent
  } = entryOf(1, { correction: true, version: 5, status: "failed" });
  expect((await history.store([unsent])).isOk()).toBe(true);
  expect(server.requests[0]?.headers["idempotency-key"]).toBe("m1:5");
  const { whatsapp_message_id: ___, sent_at: ____, ...known } = encoded;
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({ ...known, version: 5, status: "failed" });
});

test("a text with a preview is sent as an object", async () => {
  const { server, history } = await historyAt((_, response) => sendJson(response, 200, {}));
  const text = { body: "https://x.test", preview_url: true };
  expect((await history.store([entryOf(1, { content: { type: "text", text } })])).isOk()).toBe(true);
  expect(JSON.parse(server.requests[0]?.body ?? "")).toMatchObject({ message: text });
});

test.each([
  [200, "stored"],
  [201, "stored"],
  [202, "stored"],
  [204, "stored"],
  [226, "stored"],
  [409, "stored"],
  [400, "refused"],
  [404, "refused"],
  [405, "refused"],
  [422, "refused"],
  [401, "retry"],
  [403, "retry"],
  [408, "retry"],
  [425, "retry"],
  [429, "retry"],
  [302, "retry"],
  [500, "retry"],
  [503, "retry"],
])("an entry answered with %i is %s, alone or in a batch", async (status, expected) => {
  const alone = await historyAt((_, response) => response.writeHead(status).end());
  expect(await alone.kinds(entryOf(1))).toEqual([expected]);
  const batch = await historyAt((request, response) =>
    sendJson(response, 207, { results: bodyOf(request).messages.map(({ message_id }) => ({ message_id, status })) }),
  );
  expect(await batch.kinds(entryOf(1), entryOf(2))).toEqual([expected, expected]);
});

test("several entries are one batch, and results are matched by message id", async () => {
  const { server, kinds } = await historyAt((_, response) =>
    sendJson(response, 200, {
      results: [
        { message_id: "m3", status: 422 },
        { message_id: "m1", status: 201 },
        { message_id: "m2", status: "201" },
        "odd",
        { message_id: "other", status: 201 },
      ],
    }),
  );
  const entries = [entryOf(1), entryOf(2), entryOf(3), entryOf(4)];
  expect(await kinds(...entries)).toEqual(["stored", "retry", "refused", "retry"]);
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]).toMatchObject({ method: "POST", url: "/api/v1/conversations/messages/batch" });
  expect(bodyOf(server.requests[0]!).messages[0]).toEqual({ conversation_id: "c1", ...encoded });
});

test("one result does not apply to two entries of its message", async () => {
  const { kinds } = await historyAt((_, response) =>
    sendJson(response, 200, { results: [{ message_id: "m1", status: 201 }] }),
  );
  const entries = [entryOf(1), entryOf(1, { correction: true, version: 3 })];
  expect(await kinds(...entries)).toEqual(["stored", "retry"]);
});

test.each([
  ["HTML", (response: ServerResponse) => response.end("<html>")],
  ["no results", (response: ServerResponse) => sendJson(response, 200, {})],
  ["500", (response: ServerResponse) => response.writeHead(500).end()],
  ["401", (response: ServerResponse) => response.writeHead(401).end()],
])("a batch answered with %s is retried", async (_, answer) => {
  const { server, kinds } = await historyAt((_request, response) => answer(response));
  expect(await kinds(entryOf(1), entryOf(2))).toEqual(["retry", "retry"]);
  expect(server.requests).toHaveLength(1);
});

test.each<[string, (response: ServerResponse) => unknown]>([
  ["200 and nothing", (response) => response.writeHead(200).end()],
  ["207 and a line feed", (response) => response.writeHead(207).end(" \r\n")],
  ["201 and nothing", (response) => response.writeHead(201).end()],
  ["202 and a word of its own", (response) => sendJson(response, 202, { queued: true })],
  ["202 and a page", (response) => response.writeHead(202).end("<html>")],
  ["204", (response) => response.writeHead(204).end()],
])("a batch answered with %s is stored, all of it", async (_, answer) => {
  const { server, kinds } = await historyAt((_request, response) => answer(response));
  expect(await kinds(entryOf(1), entryOf(2))).toEqual(["stored", "stored"]);
  expect(server.requests).toHaveLength(1);
});

test.each<[string, (response: ServerResponse) => unknown]>([
  ["large", (response) => response.writeHead(201).end(Buffer.alloc(2 ** 21, " "))],
  ["cut short", (response) => response.writeHead(201, { "content-length": 50 }).write("{", () => response.destroy())],
  ["encoded", (response) => response.writeHead(201, { "content-encoding": "br" }).end("?")],
  ["none", (response) => response.writeHead(202).end()],
])("an entry answered with a success is stored, even if the body is %s", async (_, answer) => {
  const { kinds } = await historyAt((_request, response) => answer(response));
  expect(await kinds(entryOf(1))).toEqual(["stored"]);
});

test("an entry whose refusal is truncated is still refused", async () => {
  const { results } = await historyAt((_, response) => {
    response.writeHead(422, { "content-length": 50 }).write("{", () => response.destroy());
  });
  const refused = { kind: "refused", reason: "Conversation Service: answered HTTP 422", httpStatus: 422 };
  expect(await results(entryOf(1))).toEqual([refused]);
});

test("a batch accepted for later can still have results per entry", async () => {
  const results = [
    { message_id: "m1", status: 202 },
    { message_id: "m2", status: 422 },
  ];
  const { kinds } = await historyAt((_, response) => sendJson(response, 202, { results }));
  expect(await kinds(entryOf(1), entryOf(2), entryOf(3))).toEqual(["stored", "refused", "retry"]);
});

test("an entry that is not stored has a reason: the status and the service's error text", async () => {
  const detail = "version must be 1";
  const problem = await historyAt((_, response) => sendJson(response, 422, { title: "Unprocessable", detail }));
  const reason = `Conversation Service: answered HTTP 422: ${detail}`;
  expect(await problem.results(entryOf(1))).toEqual([{ kind: "refused", reason, httpStatus: 422 }]);
  const page = await historyAt((_, response) => response.writeHead(503).end("<h1>Down</h1>"));
  const down = { kind: "retry", reason: "Conversation Service: answered HTTP 503: <h1>Down</h1>", httpStatus: 503 };
  expect(await page.results(entryOf(1))).toEqual([down]);
  expect(await page.results(entryOf(1), entryOf(2))).toEqual([down, down]);
});

test("the service's error text is one short line, without secrets, recipients and content", async () => {
  const serviceToken = "canary-service-token-0123456789";
  const said = async (body: string, entry = entryOf(1)) => {
    const { results } = await historyAt((_, response) => response.writeHead(422).end(body), serviceToken);
    return JSON.stringify(await results(entry)).replace(/^.*HTTP 422/, "");
  };
  expect(await said(`no\r\n\u001b[31m\u202eway\u0085\u2028now${"!".repeat(5000)}`)).toMatch(
    /^: no \[31mway now!{100,200}","/,
  );
  expect(await said(`bad token ${serviceToken}`)).toContain("bad token [redacted]");
  expect(await said(Buffer.from(`Bearer ${serviceToken}`).toString("base64"))).toContain(": [redacted]");
  expect(await said(`EAA${"x7".repeat(40)}`)).toContain(": [redacted]");
  const entry = entryOf(1, { content: { type: "image", image: { id: "123456789", caption: "Your\norder" } } });
  expect(await said("+628123456789 (628123456789) must not get: Your\norder 123456789", entry)).toContain(
    ": [content] ([content]) must not get: [content] [content]",
  );
});

const isBatch = ({ url }: { url: string }) => url.endsWith("/batch");

test.each([404, 405, 501])(
  "where there are no batches (%i) entries are posted singly, for five minutes",
  async (status) => {
    const { server, kinds } = await historyAt((request, response) =>
      response.writeHead(isBatch(request) ? status : request.url.includes("c2") ? 422 : 201).end(),
    );
    const store = async () => await kinds(entryOf(1), entryOf(2));
    const batches = () => server.requests.filter(isBatch).length;
    expect(await store()).toEqual(["stored", "refused"]);
    expect(await store()).toEqual(["stored", "refused"]);
    expect([batches(), server.requests.length]).toEqual([1, 5]);
    now = new Date("2026-11-23T10:05:00Z");
    await store();
    expect(batches()).toBe(2);
  },
);

test.each([400, 409, 413, 422])(
  "a batch that is refused as a whole (%i) is posted singly, this once",
  async (status) => {
    const { server, kinds } = await historyAt((request, response) =>
      response.writeHead(isBatch(request) ? status : request.url.includes("c2") ? 400 : 201).end(),
    );
    for (let count = 1; count <= 2; count += 1) {
      expect(await kinds(entryOf(1), entryOf(2))).toEqual(["stored", "refused"]);
      expect(server.requests.filter(isBatch)).toHaveLength(count);
    }
  },
);

test("single posts go out together, each with its own trace", async () => {
  const both = Promise.withResolvers<void>();
  let open = 0;
  const { server, history } = await historyAt(async (request, response) => {
    if (isBatch(request)) return response.writeHead(404).end();
    open += 1;
    if (open === 2) both.resolve();
    await both.promise;
    return response.writeHead(201).end();
  });
  const other = traceparent.replace("00-0", "00-f");
  expect((await history.store([entryOf(1, { traceparent }), entryOf(2, { traceparent: other })])).isOk()).toBe(true);
  expect(open).toBe(2);
  const traces = new Map(server.requests.map(({ url, headers }) => [url, headers.traceparent]));
  expect(traces.get("/api/v1/conversations/c1/messages")).toBe(traceparent);
  expect(traces.get("/api/v1/conversations/c2/messages")).toBe(other);
});

test("a service without any answer is Unavailable; one with some answers is not", async () => {
  holdManualLimit();
  const { server, history, kinds } = await historyAt((request, response) =>
    isBatch(request) ? response.writeHead(404).end() : request.url.includes("c1") && response.writeHead(201).end(),
  );
  const singles = (count: number) =>
    expect.poll(() => server.requests.filter((request) => !isBatch(request)).length).toBe(count);
  const answered = whenAnswered("/c1/");
  const first = kinds(entryOf(1), entryOf(2));
  await Promise.all([answered, singles(2)]);
  reachManualLimit();
  expect(await first).toEqual(["stored", "retry"]);
  const second = history.store([entryOf(2), entryOf(3)]);
  await singles(4);
  reachManualLimit();
  expect((await second)._unsafeUnwrapErr()).toMatchObject({
    kind: "Unavailable",
    reason: `Conversation Service: timed out after ${manualLimitMs} ms`,
  });
  await server.close();
  expect((await history.store([entryOf(1)]))._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
});

/** Resolves when undici has the whole answer to a request whose path includes `part`. */
function whenAnswered(part: string): Promise<void> {
  const channel = "undici:request:trailers";
  return new Promise((resolve) => {
    const listener = (message: unknown): void => {
      if (!(message as { request: { path: string } }).request.path.includes(part)) return;
      unsubscribe(channel, listener);
      setImmediate(resolve);
    };
    subscribe(channel, listener);
    onTestFinished(() => void unsubscribe(channel, listener));
  });
}

test("an empty list makes no call", async () => {
  const { server, kinds } = await historyAt((_, response) => response.end());
  expect(await kinds()).toEqual([]);
  expect(server.requests).toEqual([]);
});
