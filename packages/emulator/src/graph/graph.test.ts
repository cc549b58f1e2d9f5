import { describe, expect, test } from "vitest";

import type { ServicesOptions } from "../sandbox/sandbox-options.ts";
import { createServices } from "../sandbox/services.ts";

const text = { messaging_product: "whatsapp", to: "+62 812-3456", type: "text", text: { body: "Hello!" } };

interface GraphAnswer {
  contacts: object[];
  messages: { id: string }[];
  error: object;
}

function graphOf(options: ServicesOptions = {}) {
  const services = createServices(options);
  async function send(body: unknown, { path = "/v25.0/123/messages", token = "EAAtoken" } = {}) {
    const response = await services.graph.app.request(
      path,
      {
        method: "POST",
        headers: token === "" ? {} : { authorization: `Bearer ${token}` },
        body: typeof body === "string" ? body : JSON.stringify(body),
      },
      {},
    );
    return { status: response.status, body: (await response.json()) as GraphAnswer };
  }
  return { ...services, send };
}

describe("send a text", () => {
  test("answers as Meta does, with the digits of the recipient", async () => {
    const { send } = graphOf();
    expect(await send(text)).toEqual({
      status: 200,
      body: {
        messaging_product: "whatsapp",
        contacts: [{ input: "+62 812-3456", wa_id: "628123456" }],
        messages: [{ id: expect.stringMatching(/^wamid\./) }],
      },
    });
  });

  test("answers with the user id when the recipient is a business-scoped user id", async () => {
    const { send } = graphOf();
    const { to: _, ...rest } = text;
    const { body } = await send({ ...rest, recipient: "US.13491208655302741918" });
    expect(body.contacts).toEqual([{ input: "US.13491208655302741918", user_id: "US.13491208655302741918" }]);
  });

  test("treats null as absent, at any depth", async () => {
    const { send, graph } = graphOf();
    const body = { ...text, context: null, recipient: null, text: { ...text.text, preview_url: null, new: [null] } };
    expect((await send(body)).status).toBe(200);
    expect(graph.accepted.entries()[0]?.body).toEqual({ ...text, text: { ...text.text, new: [null] } });
    expect((await send({ ...text, text: { body: null } })).body.error).toMatchObject({ code: 131008 });
  });

  test("every message has its own id: the same ones in every sandbox, and new ones after a reset", async () => {
    const one = graphOf();
    const other = graphOf();
    const idOf = async ({ send }: typeof one) => (await send(text)).body.messages[0]?.id;
    const first = await idOf(one);
    one.reset();
    expect(await idOf(one)).not.toBe(first);
    expect(await idOf(other)).toBe(first);
  });

  test.each(["v19.0", "v25.0", "v123.4"])("any version is accepted: %s", async (version) => {
    expect((await graphOf().send(text, { path: `/${version}/1/messages` })).status).toBe(200);
  });

  test.each(["/25.0/1/messages", "/latest/1/messages", "/v25.0/1/elsewhere"])(
    "an unknown path is answered with 2500: %s",
    async (path) => {
      expect(await graphOf().send(text, { path })).toMatchObject({ status: 400, body: { error: { code: 2500 } } });
    },
  );

  test("records each request and each accepted message", async () => {
    const { send, graph } = graphOf();
    await send({ ...text, biz_opaque_callback_data: "ms1:7:1" });
    await send({ ...text, to: undefined });
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
    expect(Math.abs((first?.at ?? 0) - Date.now())).toBeLessThan(5_000);
    expect(second).toMatchObject({ status: 400 });
    expect(second).not.toHaveProperty("wamid");
    expect(graph.accepted.entries()).toEqual([
      expect.objectContaining({ wamid: first?.wamid, recipient: "+62 812-3456", callbackData: "ms1:7:1" }),
    ]);
  });

  test.each([
    ["no product", { ...text, messaging_product: undefined }, 100],
    ["another product", { ...text, messaging_product: "telegram" }, 100],
    ["no recipient", { ...text, to: undefined }, 131008],
    ["a recipient without digits", { ...text, to: "nobody" }, 131009],
    ["no text", { ...text, text: undefined }, 131008],
    ["an empty text", { ...text, text: { body: "" } }, 131008],
    ["a text that is a number", { ...text, text: { body: 7 } }, 100],
    ["4097 characters", { ...text, text: { body: "x".repeat(4097) } }, 100],
    ["513 characters of callback data", { ...text, biz_opaque_callback_data: "x".repeat(513) }, 100],
    ["an unknown type", { ...text, type: "hologram", hologram: { id: "1" } }, 131051],
    ["the name of a property that every object has", { ...text, type: "constructor" }, 131051],
    ["malformed JSON", "{", 100],
    ["a JSON array", [], 100],
    ["a JSON string", '"text"', 100],
  ])("refuses %s", async (_, body, code) => {
    const { send, graph } = graphOf();
    expect(await send(body)).toEqual({
      status: 400,
      body: {
        error: {
          message: expect.stringMatching(new RegExp(`^\\(#${code}\\) `)),
          type: "OAuthException",
          code,
          error_data: { messaging_product: "whatsapp", details: expect.stringMatching(/./) },
          fbtrace_id: expect.stringMatching(/^A/),
        },
      },
    });
    expect(graph.accepted.count).toBe(0);
  });

  test("accepts 4096 characters", async () => {
    expect((await graphOf().send({ ...text, text: { body: "x".repeat(4096) } })).status).toBe(200);
  });
});

describe("access tokens", () => {
  const seeded: ServicesOptions = {
    tokens: {
      EAAgood: { phoneNumberIds: ["123"] },
      EAAold: { phoneNumberIds: ["123"], expiresAt: new Date(Date.now() - 1_000) },
      EAAfresh: { phoneNumberIds: ["123"], expiresAt: new Date(Date.now() + 60_000) },
    },
    tenants: { "tenant-1": { outlets: { "outlet-1": { waba_access_token: "EAAoutlet", phone_number_id: "456" } } } },
  };

  test("one is required, but any is valid", async () => {
    const { send } = graphOf();
    expect((await send(text, { token: "anything" })).status).toBe(200);
    expect(await send(text, { token: "" })).toEqual({
      status: 401,
      body: {
        error: {
          message: "Invalid OAuth access token - Cannot parse access token",
          type: "OAuthException",
          code: 190,
          fbtrace_id: expect.any(String),
        },
      },
    });
  });

  test("once some are seeded, all others are unknown", async () => {
    const { send } = graphOf(seeded);
    expect((await send(text, { token: "EAAgood" })).status).toBe(200);
    expect((await send(text, { token: "EAAfresh" })).status).toBe(200);
    expect((await send(text, { token: "EAAoutlet", path: "/v25.0/456/messages" })).status).toBe(200);
    expect(await send(text, { token: "EAAother" })).toMatchObject({ status: 401, body: { error: { code: 190 } } });
  });

  test("an expired one", async () => {
    const { send } = graphOf(seeded);
    const { status, body } = await send(text, { token: "EAAold" });
    expect({ status, ...body.error }).toMatchObject({ status: 401, code: 190, error_subcode: 463 });
  });

  test("a revoked one, until the reset", async () => {
    const { send, tenants, reset } = graphOf(seeded);
    tenants().tokens.revoke("EAAgood");
    const { status, body } = await send(text, { token: "EAAgood" });
    expect({ status, ...body.error }).toMatchObject({ status: 401, code: 190, error_subcode: 467 });
    reset();
    expect((await send(text, { token: "EAAgood" })).status).toBe(200);
  });

  test("another number's", async () => {
    const { send } = graphOf(seeded);
    const { status, body } = await send(text, { token: "EAAgood", path: "/v25.0/456/messages" });
    expect(status).toBe(400);
    expect(body.error).toEqual({
      message: expect.stringContaining("Object with ID '456' does not exist"),
      type: "GraphMethodException",
      code: 100,
      error_subcode: 33,
      fbtrace_id: expect.any(String),
    });
  });

  test("after a rotation, the previous one is unknown and the next one valid", async () => {
    const { send, tenants } = graphOf(seeded);
    const path = "/v25.0/456/messages";
    tenants().setCredentials("tenant-1", "outlet-1", { waba_access_token: "EAAnext" });
    expect((await send(text, { token: "EAAoutlet", path })).status).toBe(401);
    expect((await send(text, { token: "EAAnext", path })).status).toBe(200);
  });

  test("one that two outlets share stays valid for the other when one rotates", async () => {
    const shared = (number: string) => ({ waba_access_token: "EAAshared", phone_number_id: number });
    const { send, tenants } = graphOf({ tenants: { t: { outlets: { a: shared("1"), b: shared("2") } } } });
    tenants().setCredentials("t", "a", { waba_access_token: "EAAnext" });
    expect((await send(text, { token: "EAAshared", path: "/v25.0/2/messages" })).status).toBe(200);
    expect((await send(text, { token: "EAAshared", path: "/v25.0/1/messages" })).status).toBe(400);
  });

  test("those of a seeded tenant's outlets are valid, even if the outlets are not seeded", async () => {
    const { send, tenants } = graphOf({ ...seeded, tenants: { "tenant-2": {} } });
    const credentials = tenants().credentials("tenant-2", "any-outlet");
    const path = `/v25.0/${credentials?.phone_number_id}/messages`;
    expect((await send(text, { token: credentials?.waba_access_token ?? "", path })).status).toBe(200);
  });
});
