import { describe, expect, test } from "vitest";

import type { ServicesOptions } from "../sandbox/sandbox-options.ts";
import { createServices } from "../sandbox/services.ts";
import type { TemplateSeed } from "./templates.ts";

interface GraphAnswer {
  contacts: [{ input: string; wa_id?: string; user_id?: string }];
  messages: [{ id: string; message_status?: string }];
  success?: boolean;
  error: { code: number; message: string; error_data?: { details: string } };
}

function graphOf(options: ServicesOptions = {}) {
  const services = createServices(options);

  async function post(body: object, number = "123") {
    const response = await services.graph.app.request(
      `/v25.0/${number}/messages`,
      {
        method: "POST",
        headers: { authorization: "Bearer EAAtoken" },
        body: JSON.stringify({ messaging_product: "whatsapp", ...body }),
      },
      {},
    );
    return { status: response.status, headers: response.headers, body: (await response.json()) as GraphAnswer };
  }

  const sendText = (change: object = {}) =>
    post({ to: "+628123456", type: "text", text: { body: "Hello!" }, ...change });
  const sendTemplate = (template: object = {}, change: object = {}) =>
    post({
      to: "+628123456",
      type: "template",
      template: { name: "offer", language: { code: "en_US" }, ...template },
      ...change,
    });
  return { ...services, post, sendText, sendTemplate };
}

const words = (...texts: string[]) => [{ type: "body", parameters: texts.map((text) => ({ type: "text", text })) }];

describe("wa_id that differs from the input", () => {
  const waIdsWith = async (resolve: ServicesOptions["resolve"], ...recipients: string[]) => {
    const { sendText } = graphOf(resolve === undefined ? {} : { resolve });
    const answers = await Promise.all(recipients.map((to) => sendText({ to })));
    return answers.map(({ body }) => body.contacts[0]);
  };

  test("by default it is the input's digits", async () => {
    expect(await waIdsWith(undefined, "+52 55 1234 5678")).toEqual([
      { input: "+52 55 1234 5678", wa_id: "525512345678" },
    ]);
  });

  test("by a table or a function", async () => {
    const table = { "+62 812": "62-813" };
    expect(await waIdsWith(table, "+62812", "+62814")).toMatchObject([{ wa_id: "62813" }, { wa_id: "62814" }]);
    expect(await waIdsWith((digits) => `${digits}0`, "+62812")).toEqual([{ input: "+62812", wa_id: "628120" }]);
  });

  test.each([
    ["Mexico", "+525512345678", "5215512345678"],
    ["Argentina", "+541112345678", "5491112345678"],
    ["Brazil, area 31", "+5531987654321", "553187654321"],
    ["Brazil, area 11", "+5511987654321", "5511987654321"],
    ["Argentina, complete", "+5491112345678", "5491112345678"],
    ["Indonesia", "+628123456", "628123456"],
  ])("realistic: %s", async (_, to, waId) => {
    expect(await waIdsWith("realistic", to)).toEqual([{ input: to, wa_id: waId }]);
  });

  test("the message keeps both", async () => {
    const { sendText, graph } = graphOf({ resolve: "realistic" });
    await sendText({ to: "+525512345678" });
    expect(graph.accepted.entries()).toMatchObject([{ recipient: "+525512345678", waId: "5215512345678" }]);
  });
});

test("to and recipient: the phone number wins", async () => {
  const { body } = await graphOf().sendText({ recipient: "US.1" });
  expect(body.contacts).toEqual([{ input: "+628123456", wa_id: "628123456" }]);
});

describe("message_status", () => {
  const statusesOf = (...answers: { body: GraphAnswer }[]) =>
    answers.map(({ body }) => body.messages[0].message_status);

  test("templates are accepted, and nothing is said of other messages", async () => {
    const { sendText, sendTemplate } = graphOf();
    expect(statusesOf(await sendTemplate(), await sendText())).toEqual(["accepted", undefined]);
  });

  test("as asked, by template and by recipient", async () => {
    const { sendText, sendTemplate, state } = graphOf({
      messageStatuses: [
        { messageStatus: "held_for_quality_assessment", template: "offer" },
        { messageStatus: "paused", to: "+62 8999" },
      ],
    });
    const answers = [await sendTemplate(), await sendTemplate({ name: "other" }), await sendText({ to: "+628999" })];
    expect(statusesOf(...answers)).toEqual(["held_for_quality_assessment", "accepted", "paused"]);
    state().messageStatuses = [{ messageStatus: "of_tomorrow" }];
    expect(statusesOf(await sendText())).toEqual(["of_tomorrow"]);
  });
});

describe("templates", () => {
  const seeds: readonly TemplateSeed[] = [
    { name: "offer", language: "en_US", body: 1 },
    { name: "named", language: "en_US", body: ["name", "order"] },
    { name: "pictured", language: "en_US", header: "image" },
    { name: "paused", language: "en_US", status: "paused" },
    { name: "disabled", language: "en_US", status: "disabled" },
    { name: "code", language: "en_US", category: "authentication" },
    { name: "promo", language: "en_US", category: "marketing" },
  ];
  const seeded = () => graphOf({ templates: seeds });
  const named = (...names: string[]) => [
    { type: "body", parameters: names.map((name) => ({ type: "text", text: "Ana", parameter_name: name })) },
  ];
  const header = (type: string) => [{ type: "header", parameters: [{ type, [type]: { id: "1" } }] }];

  test("any will do unless some are seeded", async () => {
    expect((await graphOf().sendTemplate({ name: "whatever", components: words("a", "b") })).status).toBe(200);
  });

  test.each([
    ["its parameters", { components: words("Ana") }],
    ["its names", { name: "named", components: named("order", "name") }],
    ["its header", { name: "pictured", components: header("image") }],
  ])("with %s", async (_, template) => {
    expect((await seeded().sendTemplate(template)).status).toBe(200);
  });

  test.each([
    [132001, "another name", { name: "unknown" }],
    [132001, "another language", { language: { code: "de" } }],
    [132000, "too few parameters", {}],
    [132000, "too many parameters", { components: words("a", "b") }],
    [132000, "no header", { name: "pictured" }],
    [132012, "a header of another kind", { name: "pictured", components: header("video") }],
    [132012, "other names", { name: "named", components: named("name", "price") }],
    [132012, "names where it has none", { components: named("name") }],
    [132015, "a pause", { name: "paused" }],
    [132016, "its end", { name: "disabled" }],
  ])("%i for %s", async (code, _, template) => {
    const { status, body } = await seeded().sendTemplate(template);
    expect(body.error).toMatchObject({ code, error_data: { details: expect.stringMatching(/./) } });
    expect(status).toBe(code === 132001 ? 404 : 400);
  });

  test("131062 for an authentication template to a business-scoped user id", async () => {
    const { sendTemplate } = seeded();
    const toUser = { to: undefined, recipient: "US.1" };
    expect((await sendTemplate({ name: "code" }, toUser)).body.error.code).toBe(131062);
    expect((await sendTemplate({ name: "code" })).status).toBe(200);
    expect((await sendTemplate({ name: "promo" }, toUser)).status).toBe(200);
  });

  test("131050 for marketing to a person who stopped it, until they resume it", async () => {
    const { sendTemplate, webhooks } = seeded();
    const person = { phoneNumberId: "123", from: "628123456" };
    webhooks.preference({ ...person, value: "stop" });
    expect((await sendTemplate({ name: "promo" })).body.error.code).toBe(131050);
    expect((await sendTemplate({ components: words("Ana") })).status).toBe(200);
    expect((await sendTemplate({ name: "promo" }, { to: "+628999" })).status).toBe(200);
    webhooks.preference({ ...person, value: "resume" });
    expect((await sendTemplate({ name: "promo" })).status).toBe(200);
  });
});

describe("mark as read, typing", () => {
  const read = { status: "read", message_id: "wamid.HBgLMTY1" };

  test("is answered with success, and kept", async () => {
    const { post, graph } = graphOf();
    expect(await post(read)).toMatchObject({ status: 200, body: { success: true } });
    await post({ ...read, typing_indicator: { type: "text" } });
    expect(graph.receipts.entries()).toMatchObject([
      { phoneNumberId: "123", messageId: read.message_id, typing: false },
      { messageId: read.message_id, typing: true },
    ]);
    expect([graph.accepted.count, graph.log.count]).toEqual([0, 2]);
  });

  test.each([
    [100, { status: "delivered" }],
    [131008, { message_id: undefined }],
    [131008, { typing_indicator: {} }],
    [100, { typing_indicator: { type: "voice" } }],
    [100, { messaging_product: "telegram" }],
  ])("%i for %j", async (code, change) => {
    const { post, graph } = graphOf();
    expect((await post({ ...read, ...change })).body.error.code).toBe(code);
    expect(graph.receipts.count).toBe(0);
  });

  test("strictly, only for a message that came in to the number", async () => {
    const { post, webhooks } = graphOf({ strict: { receipts: true } });
    expect((await post(read)).body.error.code).toBe(131009);
    const id = webhooks.inbound({ phoneNumberId: "123", from: "628123456", text: "Hi" });
    expect((await post({ ...read, message_id: id })).status).toBe(200);
    expect((await post({ ...read, message_id: id }, "456")).body.error.code).toBe(131009);
  });
});

describe("usage headers", () => {
  test("are on each answer of Graph's own, refusals too, and on no proxy's", async () => {
    const { sendText, state, faults, reset } = graphOf();
    expect((await sendText()).headers.has("x-app-usage")).toBe(false);
    state().usage = { app: { call_count: 95 }, business: { call_count: 80, estimated_time_to_regain_access: 5 } };
    for (const { headers } of [await sendText(), await sendText({ type: "hologram" })]) {
      expect(JSON.parse(headers.get("x-app-usage") ?? "")).toEqual({ call_count: 95, total_cputime: 0, total_time: 0 });
      const business = JSON.parse(headers.get("x-business-use-case-usage") ?? "") as Record<string, unknown>;
      expect(Object.values(business)).toEqual([
        [{ type: "whatsapp", call_count: 80, total_cputime: 0, total_time: 0, estimated_time_to_regain_access: 5 }],
      ]);
    }
    faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 4 } });
    faults.add({ target: "graph", trigger: { next: 1 }, effect: { status: 502, body: "{}" } });
    expect([(await sendText()).headers.has("x-app-usage"), (await sendText()).headers.has("x-app-usage")]).toEqual([
      true,
      false,
    ]);
    reset();
    expect((await sendText()).headers.has("x-app-usage")).toBe(false);
  });

  test("may be of one number only, under its WABA", async () => {
    const outlets = { o1: { waba_access_token: "EAAtoken", phone_number_id: "123", waba_id: "999" } };
    const { sendText, post, state } = graphOf({
      tenants: { t1: { outlets } },
      tokens: { EAAtoken: { phoneNumberIds: ["456"] } },
    });
    state().usage = { business: { call_count: 80 }, phoneNumberId: "123" };
    expect((await sendText()).headers.get("x-business-use-case-usage")).toMatch(/^\{"999":\[/);
    const other = await post({ to: "+628123456", text: { body: "Hello!" } }, "456");
    expect([other.status, other.headers.has("x-business-use-case-usage")]).toEqual([200, false]);
  });
});

describe("strict media", () => {
  const image = { type: "image", text: undefined, image: { id: "1000000000000001" } };

  test("any id will do unless asked", async () => {
    expect((await graphOf().sendText(image)).status).toBe(200);
  });

  test("what was never uploaded is refused, wherever it stands", async () => {
    const { sendText, sendTemplate } = graphOf({ strict: { media: true } });
    const template = await sendTemplate({
      components: [{ type: "header", parameters: [{ type: "image", image: { id: "7" } }] }],
    });
    for (const { body } of [await sendText(image), template]) {
      expect(body.error).toMatchObject({
        code: 100,
        message: expect.stringContaining("is not a valid whatsapp business account media attachment ID"),
      });
    }
    expect((await sendText({ ...image, image: { link: "https://shop.test/1.jpg" } })).status).toBe(200);
  });
});
