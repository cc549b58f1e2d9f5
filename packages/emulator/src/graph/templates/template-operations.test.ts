import { describe, expect, it } from "vitest";

import { openCalls, unknownObject } from "../../../test/call-graph.ts";
import type { ServicesOptions } from "../../sandbox/sandbox-options.ts";

const success = { success: true };
const body = { type: "BODY", text: "Hello {{1}}, your order {{2}} is ready." };
const draft = { name: "order_ready", language: "en_US", category: "UTILITY", components: [body] };

async function withTemplate(change: object = {}, options: ServicesOptions = {}) {
  const graph = openCalls(options);
  const answer = await graph.call("POST 90/message_templates", { ...draft, ...change });
  const send = (template: object, number = "11") =>
    graph.refusal(`POST ${number}/messages`, {
      messaging_product: "whatsapp",
      to: "628123",
      type: "template",
      template: { name: "order_ready", language: { code: "en_US" }, ...template },
    });
  return { ...graph, answer, id: answer.id as string, send };
}

const texts = (...values: string[]) => ({ parameters: values.map((text) => ({ type: "text", text })) });
const filled = (...values: string[]) => ({ components: [{ type: "body", ...texts(...values) }] });

describe("create a template", () => {
  it("is answered before its review, after which it can be sent", async () => {
    const { answer, call, id, send } = await withTemplate();
    expect(answer).toEqual({ id: expect.stringMatching(/^\d+$/), status: "PENDING", category: "UTILITY" });
    expect(await call(`GET ${id}`)).toEqual({ id, ...draft, status: "APPROVED" });
    expect(await send(filled("Ana", "17"))).toBeUndefined();
  });

  it("waits for a review if it is told to", async () => {
    const { call, graph, id, send, state } = await withTemplate({}, { templateReview: "wait" });
    expect((await call(`GET ${id}?fields=status`)).status).toBe("PENDING");
    expect(await send(filled("Ana", "17"))).toBe("132001");
    state().review.decide(id, "rejected", "INVALID_FORMAT");
    expect(await call(`GET ${id}?fields=status,rejected_reason`)).toEqual({
      id,
      status: "REJECTED",
      rejected_reason: "INVALID_FORMAT",
    });
    expect(await send(filled("Ana", "17"))).toBe("132001");
    state().review.decide(id, "approved");
    expect(await send(filled("Ana", "17"))).toBeUndefined();
    state().review.decide(id, "paused");
    expect(await send(filled("Ana", "17"))).toBe("132015");
    expect(graph.accepted.count).toBe(1);
  });

  it("a message with it has to give what it asks for", async () => {
    const { send } = await withTemplate();
    expect(await send({})).toBe("132000");
    expect(await send(filled("Ana"))).toBe("132000");
    expect(await send({ ...filled("Ana", "17"), language: { code: "de" } })).toBe("132001");
  });

  it.each([
    [
      "a header with a picture",
      [
        { type: "header", format: "image" },
        { type: "BODY", text: "Hi" },
      ],
      [],
      "132000",
    ],
    [
      "a header with a picture, given a text",
      [
        { type: "header", format: "image" },
        { type: "BODY", text: "Hi" },
      ],
      [{ type: "header", parameters: [{ type: "text", text: "a" }] }],
      "132012",
    ],
    [
      "a header without a parameter",
      [
        { type: "HEADER", format: "TEXT", text: "Hi" },
        { type: "BODY", text: "Hi" },
      ],
      [],
      undefined,
    ],
    [
      "a URL with an end",
      [
        { type: "BODY", text: "Hi" },
        { type: "BUTTONS", buttons: [{ type: "PHONE_NUMBER" }, { type: "URL", url: "https://a.b/{{1}}" }] },
      ],
      [],
      "131008",
    ],
    [
      "a URL with an end, given",
      [
        { type: "BODY", text: "Hi" },
        { type: "BUTTONS", buttons: [{ type: "PHONE_NUMBER" }, { type: "URL", url: "https://a.b/{{1}}" }] },
      ],
      [{ type: "button", sub_type: "url", index: 1, ...texts("c") }],
      undefined,
    ],
    [
      "named parameters, given numbered",
      [{ type: "BODY", text: "Hi {{name}}" }],
      [{ type: "body", ...texts("Ana") }],
      "100",
    ],
    [
      "named parameters",
      [{ type: "BODY", text: "Hi {{name}}" }],
      [{ type: "body", parameters: [{ type: "text", text: "Ana", parameter_name: "name" }] }],
      undefined,
    ],
  ])("%s", async (_, components, given, refusal) => {
    const { send } = await withTemplate({ components });
    expect(await send({ components: given })).toBe(refusal);
  });

  it("one of Meta's own for codes needs the code twice", async () => {
    const components = [{ type: "BODY" }, { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] }];
    const { send } = await withTemplate({ category: "AUTHENTICATION", components });
    expect(await send({ components: [{ type: "body", ...texts("123") }] })).toBe("131008");
    const button = { type: "button", sub_type: "url", index: "0", ...texts("123") };
    expect(await send({ components: [{ type: "body", ...texts("123") }, button] })).toBeUndefined();
  });

  it("a second one with its name and language is refused, in another language or account not", async () => {
    const { refusal } = await withTemplate();
    expect(await refusal("POST 90/message_templates", draft)).toBe("100/2388024");
    expect(await refusal("POST 90/message_templates", { ...draft, language: "de" })).toBeUndefined();
    expect(await refusal("POST 91/message_templates", draft)).toBeUndefined();
  });

  it.each([
    [{ name: undefined }],
    [{ name: "Order Ready" }],
    [{ language: undefined }],
    [{ category: "SPAM" }],
    [{ components: undefined }],
    [{ components: [{ type: "FOOTER", text: "Bye" }] }],
    [{ components: [{ type: "BODY", text: "x".repeat(1_025) }] }],
  ])("refuses %j", async (change) => {
    expect(await openCalls().refusal("POST 90/message_templates", { ...draft, ...change })).toBe("100");
  });

  it("takes its components as JSON in a form", async () => {
    const { call, refusal } = openCalls();
    const form = new URLSearchParams({ ...draft, components: JSON.stringify([body]) });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect(await refusal("POST 90/message_templates", form, { headers })).toBeUndefined();
    expect((await call("GET 90/message_templates")).data).toMatchObject([draft]);
  });
});

describe("list templates, read a template", () => {
  it("by name, status, category, language and content", async () => {
    const { call } = await withTemplate({}, { templateReview: "wait" });
    await call("POST 90/message_templates", { ...draft, name: "sale", language: "de", category: "marketing" });
    const names = async (query: string) => {
      const { data } = await call(`GET 90/message_templates?${query}`);
      return data.map((one: { name: string }) => one.name);
    };
    expect(await names("")).toEqual(["order_ready", "sale"]);
    expect(await names("name=sale")).toEqual(["sale"]);
    expect(await names("category=UTILITY")).toEqual(["order_ready"]);
    expect(await names("language=de")).toEqual(["sale"]);
    expect(await names("status=APPROVED")).toEqual([]);
    expect(await names('status=["PENDING","APPROVED"]')).toEqual(["order_ready", "sale"]);
    expect(await names("name_or_content=YOUR%20order")).toEqual(["order_ready", "sale"]);
    expect(await names("limit=1")).toEqual(["order_ready"]);
  });

  it("a page goes on where it was, though a template before it was deleted", async () => {
    const { call } = openCalls();
    for (const name of ["a", "b", "c"]) await call("POST 90/message_templates", { ...draft, name });
    const { paging } = await call("GET 90/message_templates?limit=2&fields=name");
    await call("DELETE 90/message_templates?name=a");
    expect((await call(`GET ${paging.next}`)).data).toMatchObject([{ name: "c" }]);
    await call("DELETE 90/message_templates?name=b");
    expect((await call(`GET ${paging.next}`)).data).toEqual([]);
  });

  it("of another account is unknown", async () => {
    const outlet = (token: string, number: string, waba: string) => ({
      waba_access_token: token,
      phone_number_id: number,
      waba_id: waba,
    });
    const tenants = { t: { outlets: { a: outlet("EAAtoken", "11", "90"), b: outlet("EAAother", "12", "91") } } };
    const { call, id, refusal, send } = await withTemplate(
      {},
      { tenants, templates: [{ name: "seeded", language: "en" }] },
    );
    const other = { token: "EAAother" };
    for (const method of ["GET", "POST"]) {
      expect(await refusal(`${method} ${id}`, method === "GET" ? undefined : {}, other)).toBe(unknownObject);
    }
    const { data } = await call("GET 91/message_templates?fields=name", undefined, other);
    expect(data).toMatchObject([{ name: "seeded" }]);
    expect(await send(filled("Ana", "17"))).toBeUndefined();
    const template = { name: "order_ready", language: { code: "en_US" }, ...filled("Ana", "17") };
    const message = { messaging_product: "whatsapp", to: "628123", type: "template", template };
    expect(await refusal("POST 12/messages", message, other)).toBe("132001");
  });
});

describe("edit a template", () => {
  it("is reviewed again, and asks for what it asks for now", async () => {
    const { call, id, send } = await withTemplate();
    expect(await call(`POST ${id}`, { components: [{ type: "BODY", text: "Hello {{1}}." }] })).toEqual(success);
    expect(await call(`GET ${id}?fields=status,components`)).toMatchObject({
      status: "APPROVED",
      components: [{ text: "Hello {{1}}." }],
    });
    expect(await send(filled("Ana"))).toBeUndefined();
    expect(await send(filled("Ana", "17"))).toBe("132000");
  });

  it("is refused while it is reviewed", async () => {
    const { id, refusal } = await withTemplate({}, { templateReview: "wait" });
    expect(await refusal(`POST ${id}`, { category: "MARKETING" })).toBe("100");
  });
});

describe("delete a template", () => {
  it("by its name in every language, and by its id", async () => {
    const { call, id, refusal, send } = await withTemplate();
    await call("POST 90/message_templates", { ...draft, language: "de" });
    expect(await call(`DELETE 90/message_templates?name=order_ready&hsm_id=${id}`)).toEqual(success);
    expect(await refusal(`GET ${id}`)).toBe(unknownObject);
    expect((await call("GET 90/message_templates")).data).toMatchObject([{ language: "de" }]);
    expect(await call("DELETE 90/message_templates?name=order_ready")).toEqual(success);
    expect(await call("GET 90/message_templates")).toEqual({ data: [] });
    expect(await send(filled("Ana", "17"))).toBe("132001");
    expect(await refusal("DELETE 90/message_templates?name=order_ready")).toBe("100/2593002");
    expect(await refusal("DELETE 90/message_templates")).toBe("100");
  });
});

it("without seeds, a template of which nothing is known is accepted, and with them it is not", async () => {
  const { send } = await withTemplate();
  expect(await send({ name: "whatever" })).toBeUndefined();
  const seeded = await withTemplate({}, { templates: [{ name: "seeded", language: "en" }] });
  expect(await seeded.send({ name: "whatever" })).toBe("132001");
  expect(await seeded.send(filled("Ana", "17"))).toBeUndefined();
});
