import { describe, expect, it, vi } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";

async function errorsOf(body: object, path?: string) {
  const { post } = createTestApp();
  const { status, json } = await post(JSON.stringify(body), {}, path);
  expect(status).toBe(400);
  return json["errors"];
}

describe("a missing field", () => {
  it("is reported as missing, not as mistyped", async () => {
    const errors = await errorsOf({});
    const names = ["tenant_id", "outlet_id", "conversation_id", "to", "message_type", "message"];
    expect(errors).toEqual(names.map((name) => ({ pointer: `/${name}`, detail: "is missing" })));
    expect(await errorsOf({ ...order, message: undefined })).toEqual([{ pointer: "/message", detail: "is missing" }]);
    expect(await errorsOf({}, "/api/v1/messages/read")).toEqual(
      ["tenant_id", "outlet_id", "whatsapp_message_id"].map((name) => ({ pointer: `/${name}`, detail: "is missing" })),
    );
    expect(await errorsOf({}, "/api/v1/messages/x/resolve")).toEqual([{ pointer: "/action", detail: "is missing" }]);
  });

  it("includes a null field", async () => {
    const names = Object.keys(order).filter((name) => name !== "message" && name !== "message_type");
    const nulls = Object.fromEntries(Object.keys(order).map((name) => [name, null]));
    expect(await errorsOf(nulls)).toEqual(
      [...names, "message_type", "message"].map((name) => ({ pointer: `/${name}`, detail: "is missing" })),
    );
  });

  it("does not include a mistyped field", async () => {
    expect(await errorsOf({ ...order, tenant_id: 7, to: 5, message_type: [] })).toEqual([
      { pointer: "/tenant_id", detail: "must be a string" },
      { pointer: "/to", detail: "must be a string" },
      { pointer: "/message_type", detail: "must be a string" },
    ]);
  });
});

it.each([5, true, [["a"]]])("a text message of %j has neither of the two allowed forms", async (message) => {
  expect(await errorsOf({ ...order, message })).toEqual([
    { pointer: "/message", detail: "must be a string or Meta's text object" },
  ]);
});

describe("all errors of a body", () => {
  it("are reported at once: unknown fields, fields of ours and fields of Meta's", async () => {
    const message = { type: "button", body: { text: "" }, action: { buttons: [] } };
    const body = { ...order, outlet_id: "a/b", to: "1", message_type: "interactive", message, colour: 1, "x~/y": 2 };
    const errors = (await errorsOf(body)) as { pointer: string; detail: string }[];
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual([
      "/colour",
      "/message/action/buttons",
      "/message/body/text",
      "/outlet_id",
      "/to",
      "/x~0~1y",
    ]);
    expect(errors.find(({ pointer }) => pointer === "/colour")?.detail).toBe("is not a known field");
  });

  it("include an unknown type, a missing field and a reaction as a reply", async () => {
    const pointersOf = async (body: object) =>
      ((await errorsOf(body)) as { pointer: string }[]).map(({ pointer }) => pointer).toSorted();
    expect(await pointersOf({ ...order, message_type: "fax", to: 5 })).toEqual(["/message_type", "/to"]);
    expect(await pointersOf({ ...order, message_type: "fax", message: undefined })).toEqual([
      "/message",
      "/message_type",
    ]);
    expect(
      await pointersOf({ ...order, message_type: "reaction", message: { emoji: "a" }, reply_to: "w", x: 1 }),
    ).toEqual(["/message/emoji", "/message/message_id", "/reply_to", "/x"]);
    expect(await pointersOf({ message_type: "text", message: "", ttl_seconds: "5" })).toEqual([
      "/conversation_id",
      "/message",
      "/outlet_id",
      "/tenant_id",
      "/to",
      "/ttl_seconds",
    ]);
  });

  it("list the first of 5,000 unknown fields, without unprintable names", async () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, 1]));
    const errors = (await errorsOf({ ...order, to: "1", ...many })) as { pointer: string; detail: string }[];
    expect(errors).toHaveLength(22);
    expect(errors[0]?.pointer).toBe("/to");
    expect(errors.at(-1)).toEqual({ pointer: "", detail: "has 4980 more unknown fields" });
    for (const name of ["n".repeat(129), "a\u202Eb", "a\u0000", "\uD83D", "\u2028", ""]) {
      expect(await errorsOf({ ...order, [name]: 1 })).toEqual([
        { pointer: "", detail: "has an unknown field with an unprintable name" },
      ]);
    }
  });

  it("are reported for a decision, too", async () => {
    expect(await errorsOf({ action: "retry", force: true }, "/api/v1/messages/x/resolve")).toEqual([
      { pointer: "/action", detail: "must be resend or abandon" },
      { pointer: "/force", detail: "is not a known field" },
    ]);
  });
});

describe("a send is lenient about", () => {
  it("null in an optional field, which counts as absent, also for idempotency", async () => {
    const { post, ports } = createTestApp();
    const optional = ["reply_to", "reference", "on_ambiguous", "ttl_seconds", "scheduled_at"];
    const nulls = Object.fromEntries(optional.map((name) => [name, null]));
    const message = { id: "1", link: null, caption: null, nested: { a: null, b: [null] } };
    const image = { ...order, message_type: "image", message };
    const key = { "idempotency-key": "order-17" };
    expect((await post(JSON.stringify({ ...image, ...nulls }), key)).status).toBe(200);
    expect(ports.transport.submissions[0]?.content).toEqual({
      type: "image",
      image: { id: "1", nested: { b: [null] } },
    });
    const again = await post(JSON.stringify({ ...image, message: { id: "1", nested: { b: [null] } } }), key);
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
  });

  it("\\r\\n in a text, which becomes \\n", async () => {
    const { send, ports } = createTestApp();
    expect((await send({ ...order, message: "one\r\ntwo" })).status).toBe(200);
    expect(ports.transport.submissions[0]?.content).toEqual({ type: "text", text: { body: "one\ntwo" } });
    const caption = { ...order, message_type: "image", message: { id: "1", caption: "one\r\ntwo" } };
    expect((await send(caption)).status).toBe(200);
    expect(ports.transport.submissions[1]?.content).toMatchObject({ image: { caption: "one\ntwo" } });
  });

  it("identifiers of any form", async () => {
    const { send, ports } = createTestApp();
    const ids = { tenant_id: "Toko_1", outlet_id: "~OUTLET.2", conversation_id: "c".repeat(128) };
    expect((await send({ ...order, ...ids })).status).toBe(200);
    expect(ports.transport.submissions[0]?.credential.phoneNumberId).toBe("number-of-~OUTLET.2");
  });
});

it("a send checks its content once", async () => {
  const { send } = createTestApp();
  // Only the check of a reaction's emoji splits a text into graphemes.
  const checks = vi.spyOn(Intl.Segmenter.prototype, "segment");
  const reaction = { ...order, message_type: "reaction", message: { message_id: "wamid.1", emoji: "👍" } };
  expect((await send(reaction)).status).toBe(200);
  expect(checks).toHaveBeenCalledTimes(1);
  checks.mockRestore();
});

it("a reused key is answered with the id of its message, and nothing else about it", async () => {
  const { post } = createTestApp();
  const key = { "idempotency-key": "order-17" };
  const first = await post(JSON.stringify(order), key);
  const { status, json } = await post(JSON.stringify({ ...order, message: "Another." }), key);
  expect([status, json["type"]]).toEqual([422, "/problems/idempotency-key-reused"]);
  expect(json["message_id"]).toBe(first.json["message_id"]);
  expect(Object.keys(json).toSorted()).toEqual(["detail", "instance", "message_id", "status", "title", "type"]);
  const elsewhere = await post(JSON.stringify({ ...order, tenant_id: "another", message: "Another." }), key);
  expect(elsewhere.status).toBe(200);
});
