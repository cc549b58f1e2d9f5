import { describe, expect, test } from "vitest";

import { openGraph, text } from "../../test/graph-client.ts";

describe("send a text", () => {
  test("answers as Meta does, with the digits of the recipient", async () => {
    const { status, body } = await openGraph().post(text);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        messaging_product: "whatsapp",
        contacts: [{ input: "+62 812-3456", wa_id: "628123456" }],
        messages: [{ id: expect.stringMatching(/^wamid\./) }],
      },
    });
  });

  test("answers with the user id when the recipient is a business-scoped user id", async () => {
    const { post } = openGraph();
    const { to: _, ...rest } = text;
    const { body } = await post({ ...rest, recipient: "US.13491208655302741918" });
    expect(body.contacts).toEqual([{ input: "US.13491208655302741918", user_id: "US.13491208655302741918" }]);
  });

  test("treats null as absent, at any depth", async () => {
    const { post, graph } = openGraph();
    const body = { ...text, context: null, recipient: null, text: { ...text.text, preview_url: null, new: [null] } };
    expect((await post(body)).status).toBe(200);
    expect(graph.accepted.entries()[0]?.body).toEqual({ ...text, text: { ...text.text, new: [null] } });
    expect((await post({ ...text, text: { body: null } })).body.error).toMatchObject({ code: 100 });
  });

  test("every message has its own id: the same ones in every sandbox, and new ones after a reset", async () => {
    const one = openGraph();
    const other = openGraph();
    const idOf = async ({ post }: typeof one) => (await post(text)).body.messages[0]?.id;
    const first = await idOf(one);
    one.reset();
    expect(await idOf(one)).not.toBe(first);
    expect(await idOf(other)).toBe(first);
  });

  test.each(["v19.0", "v25.0", "v123.4"])("any version is accepted: %s", async (version) => {
    expect((await openGraph().post(text, { path: `/${version}/1/messages` })).status).toBe(200);
  });

  test.each(["/25.0/1/messages", "/latest/1/messages", "/v25.0/1/elsewhere"])(
    "an unknown path is answered with 2500: %s",
    async (path) => {
      expect(await openGraph().post(text, { path })).toMatchObject({ status: 400, body: { error: { code: 2500 } } });
    },
  );

  test("records each request and each accepted message", async () => {
    const { post, graph } = openGraph();
    const before = performance.timeOrigin + performance.now();
    await post({ ...text, biz_opaque_callback_data: "ms1:7:1" });
    const after = performance.timeOrigin + performance.now();
    await post({ ...text, to: undefined });
    const [first, second] = graph.log.entries();
    expect(first).toMatchObject({
      method: "POST",
      path: "/v25.0/123/messages",
      version: "v25.0",
      phoneNumberId: "123",
      accessToken: "EAAtoken",
      headers: { authorization: "Bearer EAAtoken" },
      body: { biz_opaque_callback_data: "ms1:7:1" },
      status: 200,
      wamid: expect.stringMatching(/^wamid\./),
    });
    expect(first?.endedAt).toBeGreaterThanOrEqual(first?.at ?? Infinity);
    expect(first?.at).toBeGreaterThanOrEqual(before);
    expect(first?.at).toBeLessThanOrEqual(after);
    expect(second).toMatchObject({ status: 400 });
    expect(second).not.toHaveProperty("wamid");
    expect(graph.accepted.entries()).toEqual([
      expect.objectContaining({ wamid: first?.wamid, recipient: "+62 812-3456", callbackData: "ms1:7:1" }),
    ]);
  });

  test.each([
    ["no product", { ...text, messaging_product: undefined }, 100],
    ["another product", { ...text, messaging_product: "telegram" }, 100],
    ["no recipient", { ...text, to: undefined }, 100],
    ["a recipient without digits", { ...text, to: "nobody" }, 131009],
    ["no text", { ...text, text: undefined }, 100],
    ["an empty text", { ...text, text: { body: "" } }, 100],
    ["a text that is a number", { ...text, text: { body: 7 } }, 100],
    ["4097 characters", { ...text, text: { body: "x".repeat(4097) } }, 100],
    ["513 characters of callback data", { ...text, biz_opaque_callback_data: "x".repeat(513) }, 100],
    ["an unknown type", { ...text, type: "hologram", hologram: { id: "1" } }, 131051],
    ["the name of a property that every object has", { ...text, type: "constructor" }, 131051],
    ["malformed JSON", "{", 100],
    ["a JSON array", [], 100],
    ["a JSON string", '"text"', 100],
  ])("refuses %s", async (_, message, code) => {
    const { post, graph } = openGraph();
    const { status, body } = await post(message);
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        error: {
          message: expect.stringMatching(new RegExp(`^\\(#${code}\\) `)),
          type: "OAuthException",
          code,
          // An error about a parameter says all in its message [fbsamples/whatsapp-api-examples#10].
          ...(code !== 100 && { error_data: { messaging_product: "whatsapp", details: expect.stringMatching(/./) } }),
          fbtrace_id: expect.stringMatching(/^A/),
        },
      },
    });
    expect(graph.accepted.count).toBe(0);
  });

  test("accepts 4096 characters", async () => {
    expect((await openGraph().post({ ...text, text: { body: "x".repeat(4096) } })).status).toBe(200);
  });
});
