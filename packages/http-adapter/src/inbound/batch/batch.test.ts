import { exampleOutcomes } from "@message-sender/core/contracts";
import { errAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createTestApp, order, type RequestBody } from "../../../test/app.ts";
import type { HttpAppOptions } from "../index.ts";

interface BatchResult {
  readonly message_id?: string;
  readonly status?: string;
  readonly problem?: {
    readonly type: string;
    readonly status: number;
    readonly detail: string;
    readonly instance: string;
    readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
    readonly [field: string]: unknown;
  };
}

const path = "/api/v1/messages/batch";

function create(options: Partial<HttpAppOptions> = {}) {
  const test = createTestApp(options);
  const post = (body: RequestBody, headers: Record<string, string> = {}) => test.post(body, headers, path);
  const batch = async (...messages: readonly unknown[]) => {
    const { status, json } = await post(JSON.stringify({ messages }));
    expect(status).toBe(202);
    return json["results"] as readonly BatchResult[];
  };
  const raw = async (...messages: readonly string[]) => {
    const { status, json } = await post(`{"messages":[${messages.join(",")}]}`);
    expect(status).toBe(202);
    return json["results"] as readonly BatchResult[];
  };
  return { ...test, post, batch, raw, work: () => test.ports.clock.runUntil(test.sender.tick()) };
}

const numbered = (number: number, change: object = {}) => ({
  ...order,
  to: `+6281234567${String(number).padStart(3, "0")}`,
  idempotency_key: `ready-${number}`,
  ...change,
});
const accepted = { message_id: expect.any(String), status: "queued" };

/** What became of each message, in a word. */
const inWords = (results: readonly BatchResult[]) =>
  results.map(({ status, problem }) => status ?? problem?.type.replace("/problems/", ""));

describe("a batch", () => {
  it("queues 1,000 messages, each with an id of its own, in order, and they are sent", async () => {
    const { batch, work, ports, app } = create();
    const results = await batch(...Array.from({ length: 1000 }, (_, number) => numbered(number)));
    expect(results).toEqual(results.map(() => accepted));
    expect(new Set(results.map(({ message_id: id }) => id)).size).toBe(1000);
    const record = await (await app.request(`/api/v1/messages/${results[998]?.message_id}`)).json();
    expect(record).toMatchObject({ to: "+6281234567998", status: "queued" });
    await work();
    expect(ports.transport.submissions.length).toBeGreaterThan(0);
  });

  it("has the problem of a message in its place, and accepts the others", async () => {
    const { batch, app } = create();
    const results = await batch(
      numbered(1),
      numbered(2, { to: "12", colour: 1 }),
      numbered(3, { idempotency_key: "a b", message: "" }),
      "a string",
      null,
      numbered(4, { ttl_seconds: 0 }),
      numbered(5),
    );
    const wrong = "invalid-request";
    expect(inWords(results)).toEqual(["queued", wrong, wrong, wrong, wrong, wrong, "queued"]);
    const pointers = results.map(({ problem }) => problem?.errors?.map(({ pointer }) => pointer));
    expect(pointers).toEqual([
      undefined,
      ["/to", "/colour"],
      ["/message", "/idempotency_key"],
      [""],
      [""],
      ["/ttl_seconds"],
      undefined,
    ]);
    const { messages } = (await (await app.request("/api/v1/messages")).json()) as { messages: readonly object[] };
    expect(messages).toHaveLength(2);
  });

  it.each<[string, string, string]>([
    ["a duplicate key", JSON.stringify(numbered(2)).replace("{", '{"to":"+628123456780",'), "invalid-request"],
    ["an inexact number", JSON.stringify(numbered(2)).replace("}", ',"a":90071992547409931}'), "invalid-request"],
    ["a __proto__", JSON.stringify(numbered(2)).replace("{", '{"__proto__":1,'), "invalid-request"],
    ["a key with a backslash", JSON.stringify(numbered(2, { "a\\": 1 })), "invalid-request"],
    ["arrays nested 30,000 deep", `${"[".repeat(30_000)}${"]".repeat(30_000)}`, "invalid-request"],
    ["objects nested 5,000 deep", `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`, "invalid-request"],
    ["40,000 values", `[${"1,".repeat(30_000)}1]`, "invalid-request"],
    ["20,000 objects", `[${"{},".repeat(20_000)}1]`, "invalid-request"],
    ["65 KiB", JSON.stringify(numbered(2, { message: "x".repeat(65 * 1024) })), "body-too-large"],
    ["65 KiB of Chinese", JSON.stringify(numbered(2, { message: "你".repeat(22 * 1024) })), "body-too-large"],
  ])("with %s in one message accepts those around it", async (_, odd, type) => {
    const { raw } = create();
    const results = await raw(JSON.stringify(numbered(1)), odd, JSON.stringify(numbered(3)));
    expect(inWords(results)).toEqual(["queued", type, "queued"]);
    expect(JSON.stringify(results).length).toBeLessThan(5000);
  });

  it("names the place of a duplicate key within its message", async () => {
    const [, result] = await create().raw(
      JSON.stringify(numbered(1)),
      JSON.stringify(numbered(2)).replace("{", '{"to":"+628123456780",'),
    );
    expect(result?.problem?.errors).toEqual([{ pointer: "/to", detail: "is a duplicate key" }]);
  });

  it("checks the access to the tenant of each message", async () => {
    const { batch } = create({ access: () => ({ tenants: [order.tenant_id], scopes: ["send"] }) });
    const results = await batch(numbered(1, { tenant_id: "theirs" }), numbered(2), numbered(3, { tenant_id: "none" }));
    expect(inWords(results)).toEqual(["not-found", "queued", "not-found"]);
    expect({ ...results[0]?.problem, instance: "" }).toEqual({ ...results[2]?.problem, instance: "" });
  });

  it("has the id of the request in each problem, as every problem has", async () => {
    const { post } = create();
    const answer = await post(JSON.stringify({ messages: [{}, {}] }), { "x-request-id": "request-1" });
    const results = answer.json["results"] as readonly BatchResult[];
    expect(results.map(({ problem }) => problem?.instance)).toEqual(["request-1", "request-1"]);
  });

  it("has the problem of a message that cannot be accepted now, with when to repeat it", async () => {
    const { batch, ports } = create();
    Object.assign(ports.quota, { reserve: () => errAsync({ kind: "QuotaExceeded" }) });
    const [result, wrong] = await batch(numbered(1), {});
    expect(result?.problem).toMatchObject({ type: "/problems/quota-exceeded", status: 429, retry_after_seconds: 60 });
    expect(wrong?.problem?.status).toBe(400);
  });

  it("is 503 as a whole if the store takes none of it", async () => {
    const { post, ports } = create();
    Object.assign(ports.messages, { find: () => errAsync({ kind: "Unavailable", reason: "away" }) });
    const { status, headers, json } = await post(JSON.stringify({ messages: [numbered(1), numbered(2)] }));
    expect([status, headers.get("retry-after"), json["type"]]).toEqual([503, "5", "/problems/unavailable"]);
  });
});

describe("the keys of a batch", () => {
  it("make its repeat safe: the same ids, and each message is sent once", async () => {
    const { batch, work, ports } = create();
    const messages = [numbered(1), numbered(2, { to: "12" }), numbered(3)];
    const first = await batch(...messages);
    expect(await batch(...messages)).toEqual(
      first.map((result) =>
        result.problem ? { problem: { ...result.problem, instance: expect.any(String) } } : result,
      ),
    );
    await work();
    const sent = await batch(...messages);
    expect(sent.map(({ message_id: id }) => id)).toEqual(first.map(({ message_id: id }) => id));
    expect(inWords(sent)).toEqual(["sent", "invalid-request", "sent"]);
    expect(ports.transport.submissions).toHaveLength(2);
  });

  it("are those of sends: the body is the same without its key", async () => {
    const { batch, app } = create();
    const [first] = await batch({ ...order, idempotency_key: "order-17" });
    const init = { method: "POST", body: JSON.stringify(order) };
    const headers = { "content-type": "application/json", "idempotency-key": "order-17" };
    const again = await app.request("/api/v1/messages/send", { ...init, headers });
    expect([again.status, await again.json()]).toEqual([202, first]);
  });

  it("decide within a batch too: the second is a repeat of the first, or has another body", async () => {
    const { batch, work, ports } = create();
    const [first, second, other, free] = await batch(
      numbered(1),
      numbered(1),
      numbered(1, { message: "Other" }),
      numbered(1, { tenant_id: "another-tenant" }),
    );
    expect(second).toEqual(first);
    expect(other?.problem).toMatchObject({ type: "/problems/idempotency-key-reused", message_id: first?.message_id });
    expect(free).toEqual(accepted);
    await work();
    expect(ports.transport.submissions).toHaveLength(2);
  });

  it("are not needed, and null is none", async () => {
    const { batch } = create();
    const [one, other] = await batch(order, { ...order, idempotency_key: null });
    expect([one, other]).toEqual([accepted, accepted]);
    expect(one?.message_id).not.toBe(other?.message_id);
  });

  it("get the problem that ended a message", async () => {
    const { batch, work, ports } = create();
    ports.transport.answerWith({ ...exampleOutcomes.Refused, final: true });
    const [first] = await batch(numbered(1));
    await work();
    const [again] = await batch(numbered(1));
    expect(again?.problem).toMatchObject({ status: 422, message_id: first?.message_id, message_status: "failed" });
  });

  it("belong to the messages: one of the whole batch is refused", async () => {
    const { post } = create();
    const { status, json } = await post(JSON.stringify({ messages: [order] }), { "idempotency-key": "batch-1" });
    expect([status, json["type"]]).toEqual([400, "/problems/invalid-request"]);
  });
});

const many = (count: number) => `{"messages":[${Array.from({ length: count }, () => "{}").join(",")}]}`;

describe("a batch is refused as a whole", () => {
  it.each<[string, RequestBody, string?]>([
    ["no body", ""],
    ["half of an object", '{"messages":['],
    ["a trailing comma", '{"messages":[{},]}'],
    ["a leading comma", '{"messages":[,{}]}'],
    ["a message that is no JSON", '{"messages":[{"a":1},{b}]}'],
    ["a string that does not end", '{"messages":[{"a":"b}]}'],
    ["junk behind it", '{"messages":[{}]}]'],
    ["invalid UTF-8", Uint8Array.from([123, 0xff, 125])],
    ["an array", "[{}]", ""],
    ["an array of arrays", "[[{}]]", ""],
    ["null", "null", ""],
    ["a million brackets", "[".repeat(1_000_000)],
    ["a million numbers", `{"messages":[${"1,".repeat(1_000_000)}1]}`, "/messages"],
    ["a million objects", '{"a":'.repeat(600_000), ""],
    ["no messages", "{}", "/messages"],
    ["messages that are null", '{"messages":null}', "/messages"],
    ["messages that are no array", '{"messages":"text"}', "/messages"],
    ["an object of messages", '{"messages":{"a":{}}}', ""],
    ["an empty array", '{"messages":[]}', "/messages"],
    ["1,001 messages", many(1001), "/messages"],
    ["an unknown field", '{"messages":[{}],"tenant_id":"a"}', "/tenant_id"],
    ["another array", '{"messages":[{}],"others":[{}]}', "/others"],
    ["messages twice", '{"messages":[{}],"messages":[{}]}', "/messages"],
    ["a __proto__", '{"messages":[{}],"__proto__":5}'],
  ])("%s", async (_, body, pointer) => {
    const { post, ports } = create();
    const { status, json } = await post(body);
    expect([status, json["type"]]).toEqual([400, "/problems/invalid-request"]);
    const errors = json["errors"] as readonly { pointer: string }[] | undefined;
    expect(errors?.map((error) => error.pointer)[0]).toBe(pointer);
    await ports.clock.advance(0);
    expect(ports.transport.submissions).toEqual([]);
  });

  it("over 4 MiB, or as another media type", async () => {
    const { post } = create();
    const large = `{"messages":[${JSON.stringify(order)}]}`.padEnd(4 * 1024 * 1024);
    expect((await post(large)).status).toBe(202);
    expect((await post(`${large} `)).status).toBe(413);
    expect((await post(large.trim(), { "content-type": "text/plain" })).status).toBe(415);
  });

  it("without the scope", async () => {
    const { post } = create({ access: () => ({ tenants: "all", scopes: ["read", "admin"] }) });
    expect((await post(JSON.stringify({ messages: [order] }))).status).toBe(403);
  });
});
