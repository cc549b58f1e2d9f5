import { describe, expect, test } from "vitest";

import { openGraph } from "../../../test/graph-client.ts";
import type { TemplateSeed } from "./template-seed.ts";

const seeds: readonly TemplateSeed[] = [
  { name: "offer", language: "en_US", body: 1 },
  { name: "named", language: "en_US", body: ["name", "order"] },
  { name: "pictured", language: "en_US", header: "image" },
  { name: "paused", language: "en_US", status: "paused" },
  { name: "disabled", language: "en_US", status: "disabled" },
  { name: "code", language: "en_US", category: "authentication" },
  { name: "promo", language: "en_US", category: "marketing" },
  { name: "pending", language: "en_US", status: "pending" },
  { name: "rejected", language: "en_US", status: "rejected" },
  { name: "track", language: "en_US", buttons: ["quick_reply", "url"] },
];

const openSeeded = () => openGraph({ templates: seeds });
const body = (...texts: string[]) => [{ type: "body", parameters: texts.map((text) => ({ type: "text", text })) }];
const named = (...names: string[]) => [
  { type: "body", parameters: names.map((name) => ({ type: "text", text: "Ana", parameter_name: name })) },
];
const header = (type: string) => [{ type: "header", parameters: [{ type, [type]: { id: "1" } }] }];

const url = (index: number) => [{ type: "button", sub_type: "url", index, parameters: [{ type: "text", text: "17" }] }];

describe("templates", () => {
  test("every template is accepted unless some are seeded", async () => {
    expect((await openGraph().sendTemplate({ name: "whatever", components: body("a", "b") })).status).toBe(200);
  });

  test.each([
    ["its parameters", { components: body("Ana") }],
    ["names that it does not have", { components: named("name") }],
    ["its named parameters", { name: "named", components: named("order", "name") }],
    ["the end of its URL", { name: "track", components: url(1) }],
    ["its header", { name: "pictured", components: header("image") }],
  ])("is accepted with %s", async (_, template) => {
    expect((await openSeeded().sendTemplate(template)).status).toBe(200);
  });

  test.each([
    [132001, "another name", { name: "unknown" }],
    [132001, "another language", { language: { code: "de" } }],
    [132000, "too few parameters", {}],
    [132000, "too many parameters", { components: body("a", "b") }],
    [132000, "a missing header", { name: "pictured" }],
    [132012, "a header of another type", { name: "pictured", components: header("video") }],
    [132012, "other parameter names", { name: "named", components: named("name", "price") }],
    [100, "parameters without names", { name: "named", components: body("Ana", "17") }],
    [131008, "a URL without its end", { name: "track" }],
    [131008, "the end of another button's URL", { name: "track", components: url(0) }],
    [132001, "a template under review", { name: "pending" }],
    [132001, "a rejected template", { name: "rejected" }],
    [132015, "a paused template", { name: "paused" }],
    [132016, "a disabled template", { name: "disabled" }],
  ])("%i for %s", async (code, _, template) => {
    const { status, body: answer } = await openSeeded().sendTemplate(template);
    expect(answer.error).toMatchObject({ code, error_data: { details: expect.stringMatching(/./) } });
    expect(status).toBe(code === 132001 ? 404 : 400);
  });

  test("131062 for an authentication template to a business-scoped user id", async () => {
    const { sendTemplate } = openSeeded();
    const toUser = { to: undefined, recipient: "US.1" };
    expect((await sendTemplate({ name: "code" }, toUser)).body.error.code).toBe(131062);
    expect((await sendTemplate({ name: "code" })).status).toBe(200);
    expect((await sendTemplate({ name: "promo" }, toUser)).status).toBe(200);
  });

  test("131050 for marketing to a person who stopped it, until they resume it", async () => {
    const { sendTemplate, webhooks } = openSeeded();
    const person = { phoneNumberId: "123", from: "628123456" };
    webhooks.preference({ ...person, value: "stop" });
    expect((await sendTemplate({ name: "promo" })).body.error.code).toBe(131050);
    expect((await sendTemplate({ components: body("Ana") })).status).toBe(200);
    expect((await sendTemplate({ name: "promo" }, { to: "+628999" })).status).toBe(200);
    webhooks.preference({ ...person, value: "resume" });
    expect((await sendTemplate({ name: "promo" })).status).toBe(200);
  });
});
