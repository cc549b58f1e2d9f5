import { describe, expect, test } from "vitest";

import type { ServicesOptions } from "../sandbox/sandbox-options.ts";
import { createServices } from "../sandbox/services.ts";

const message = {
  message_id: "message-1",
  version: 1,
  tenant_id: "tenant-1",
  outlet_id: "outlet-1",
  direction: "outbound",
  to: "+628123456",
  message_type: "text",
  message: "Hello!",
  whatsapp_message_id: "wamid.1",
  status: "sent",
  sent_at: "2026-11-21T10:00:00Z",
};

function conversationServiceOf(options: ServicesOptions = {}) {
  const services = createServices(options);
  async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await services.conversation.app.request(`/api/v1/conversations/${path}`, init, {});
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
  }
  const store = (body: unknown, key: string, conversation = "c1") =>
    post(`${conversation}/messages`, body, { "idempotency-key": key });
  const batch = (messages: unknown) => post("messages/batch", { messages });
  return { ...services, post, store, batch };
}

describe("store a message", () => {
  test.each([200, 201, 202, 204] as const)(
    "confirms with %i and no body when storedStatus is set",
    async (storedStatus) => {
      const { store, batch, conversations } = conversationServiceOf({ storedStatus });
      expect(await store(message, "message-1")).toEqual({ status: storedStatus, body: undefined });
      expect((await store(message, "message-1")).status).toBe(409);
      const others = ["2", "3"].map((id) => ({ ...message, message_id: id, conversation_id: "c1" }));
      expect(await batch(others)).toEqual({ status: storedStatus, body: undefined });
      expect((await batch([...others, { ...message, message_id: "4" }])).status).toBe(207);
      expect(conversations().all()).toHaveLength(3);
    },
  );

  test("201 the first time, 409 for the same key", async () => {
    const { store, conversations } = conversationServiceOf();
    expect((await store(message, "message-1")).status).toBe(201);
    expect((await store(message, "message-1")).status).toBe(409);
    expect(conversations().all()).toEqual([{ ...message, conversation_id: "c1" }]);
  });

  test("keeps the highest version of a message, in whatever order the versions arrive", async () => {
    const { store, conversations } = conversationServiceOf();
    expect((await store({ ...message, version: 3, status: "failed" }, "message-1:3")).status).toBe(201);
    expect((await store(message, "message-1")).status).toBe(201);
    expect(conversations().find("message-1")).toMatchObject({ version: 3, status: "failed" });
    expect((await store({ ...message, version: 4, status: "read" }, "message-1:4")).status).toBe(201);
    expect(conversations().find("message-1")).toMatchObject({ version: 4, status: "read" });
    expect(conversations().all()).toHaveLength(1);
  });

  test("accepts a message without a wamid, or with an object as content", async () => {
    const { store } = conversationServiceOf();
    const { whatsapp_message_id: _, sent_at: __, ...failed } = { ...message, status: "failed" };
    expect((await store(failed, "a")).status).toBe(201);
    const image = {
      ...message,
      message_id: "m2",
      message_type: "image",
      message: { link: "https://example.com/a.png" },
    };
    expect((await store(image, "b")).status).toBe(201);
  });

  test.each([
    ["no id", { ...message, message_id: undefined }],
    ["no version", { ...message, version: undefined }],
    ["an inbound message", { ...message, direction: "inbound" }],
    ["an invalid time", { ...message, sent_at: "yesterday" }],
    ["a body that is not an object", "hello"],
  ])("refuses %s", async (_, body) => {
    const { store, conversations } = conversationServiceOf();
    expect((await store(body, "message-1")).status).toBe(400);
    expect(conversations().all()).toEqual([]);
  });

  test("refuses a request without an Idempotency-Key", async () => {
    expect((await conversationServiceOf().post("c1/messages", message)).status).toBe(400);
  });

  test("keeps the newest messages, and forgets the keys of dropped ones", async () => {
    const { store, conversations } = conversationServiceOf({ keep: 2 });
    for (const id of ["a", "b", "c"]) await store({ ...message, message_id: id }, id);
    expect(conversations().all()).toMatchObject([{ message_id: "b" }, { message_id: "c" }]);
    expect((await store({ ...message, message_id: "a" }, "a")).status).toBe(201);
  });
});

describe("store a batch", () => {
  const of = (id: string, more: object = {}) => ({ ...message, conversation_id: "c1", message_id: id, ...more });

  test("207 with a result for each entry: stored, duplicate and invalid", async () => {
    const { batch, store } = conversationServiceOf();
    await store({ ...message, message_id: "known" }, "known");
    expect(
      await batch([of("new"), of("known"), of("bad", { version: 0 }), of("lost", { conversation_id: 7 })]),
    ).toEqual({
      status: 207,
      body: {
        results: [
          { message_id: "new", status: 201 },
          { message_id: "known", status: 409 },
          { message_id: "bad", status: 400 },
          { message_id: "lost", status: 400 },
        ],
      },
    });
  });

  test("a single post that repeats a message of a batch is a duplicate", async () => {
    const { batch, store } = conversationServiceOf();
    await batch([of("a"), of("b")]);
    expect((await store({ ...message, message_id: "a" }, "a")).status).toBe(409);
  });

  test.each([1, 101])("refuses %i messages", async (count) => {
    const { batch } = conversationServiceOf();
    expect((await batch(Array.from({ length: count }, (_, n) => of(`m${n}`)))).status).toBe(400);
  });

  test.each([2, 100])("accepts %i messages", async (count) => {
    const { batch, conversations } = conversationServiceOf();
    expect((await batch(Array.from({ length: count }, (_, n) => of(`m${n}`)))).status).toBe(207);
    expect(conversations().all()).toHaveLength(count);
  });

  test("is answered with 404 by a service without batches", async () => {
    expect((await conversationServiceOf({ batch: false }).batch([of("a"), of("b")])).status).toBe(404);
  });
});

test("read a conversation: its messages, ordered by sent_at", async () => {
  const { store, conversation } = conversationServiceOf();
  await store({ ...message, message_id: "late", sent_at: "2026-11-21T12:00:00Z" }, "late");
  await store({ ...message, message_id: "early", sent_at: "2026-11-21T12:00:00+02:00" }, "early");
  await store({ ...message, message_id: "elsewhere" }, "elsewhere", "c2");
  const response = await conversation.app.request("/api/v1/conversations/c1/messages");
  expect(await response.json()).toMatchObject({ messages: [{ message_id: "early" }, { message_id: "late" }] });
});

test("requires the service token when there is one", async () => {
  const { post } = conversationServiceOf({ serviceToken: "s3cret" });
  expect((await post("c1/messages", message, { "idempotency-key": "a" })).status).toBe(401);
  const headers = { "idempotency-key": "a", authorization: "Bearer s3cret" };
  expect((await post("c1/messages", message, headers)).status).toBe(201);
});

test("records each request with its key", async () => {
  const { store, batch, conversation } = conversationServiceOf();
  await store(message, "message-1");
  await batch([]);
  expect(conversation.log.entries()).toMatchObject([
    { conversationId: "c1", idempotencyKey: "message-1", status: 201, body: message },
    { path: "/api/v1/conversations/messages/batch", status: 400 },
  ]);
});
