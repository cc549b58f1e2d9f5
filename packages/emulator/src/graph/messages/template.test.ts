import { describe, expect, test } from "vitest";

import { supportedTemplateButtons } from "./template-button.ts";
import { supportedTemplateComponents, template } from "./template.ts";

function codeOf(...components: unknown[]) {
  return template({ name: "offer", language: { code: "en_US" }, components }, "template")?.code;
}

const text = (words: string, name?: string) => ({ type: "text", text: words, ...(name && { parameter_name: name }) });
const button = (sub_type: string, ...parameters: object[]) => ({ type: "button", sub_type, index: "0", parameters });
const image = { type: "image", image: { id: "1" } };
const body = { type: "body", parameters: [text("Ana")] };

const components = {
  "template header": { type: "header", parameters: [image] },
  "template body": {
    type: "body",
    parameters: [
      text("Ana"),
      { type: "currency", currency: { fallback_value: "$1", code: "USD", amount_1000: 1000 } },
      { type: "date_time", date_time: { fallback_value: "today" } },
    ],
  },
  "template button": button("quick_reply", { type: "payload", payload: "yes" }),
  "template limited_time_offer": {
    type: "limited_time_offer",
    parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1_209_600_000 } }],
  },
  "template carousel": {
    type: "carousel",
    cards: [{ card_index: 0, components: [{ type: "header", parameters: [image] }, body] }],
  },
};

const sections = [{ product_items: [{ product_retailer_id: "p1" }] }];

const buttons = {
  "template button quick_reply": { type: "payload", payload: "yes" },
  "template button url": text("order/7"),
  "template button copy_code": { type: "coupon_code", coupon_code: "SAVE20" },
  "template button flow": { type: "action", action: { flow_token: "t" } },
  "template button catalog": { type: "action", action: { thumbnail_product_retailer_id: "p1" } },
  "template button mpm": { type: "action", action: { thumbnail_product_retailer_id: "p1", sections } },
  "template button voice_call": { type: "ttl_minutes", ttl_minutes: 10 },
  "template button order_details": { type: "action", action: { order_details: {} } },
};

test.each(Object.entries(components))("%s", (_, component) => {
  expect(codeOf(component)).toBeUndefined();
  expect(codeOf({ ...component, type: component.type.toUpperCase() })).toBeUndefined();
});

test.each(Object.entries(buttons))("%s", (title, parameter) => {
  const subType = title.slice("template button ".length);
  expect(codeOf(button(subType, parameter))).toBeUndefined();
  expect(codeOf({ ...button(subType.toUpperCase(), parameter), index: 9 })).toBeUndefined();
  expect(codeOf({ ...button(subType, parameter), index: 10 })).toBe(131009);
  expect(codeOf(button(subType, {}))).toBe(subType === "order_details" ? undefined : 131008);
});

test("every supported component and button is tested", () => {
  expect(Object.keys(components).map((title) => title.slice("template ".length))).toEqual(supportedTemplateComponents);
  expect(Object.keys(buttons).map((title) => title.slice("template button ".length))).toEqual(supportedTemplateButtons);
});

test.each(["text", "image", "video", "document", "location", "product"])("a header with one parameter: %s", (type) => {
  const contents: Record<string, unknown> = {
    text: "Ana",
    location: { latitude: "1.5", longitude: "2", name: "Shop", address: "Street 1" },
    product: { product_retailer_id: "p1" },
  };
  expect(
    codeOf({ type: "header", parameters: [{ type, [type]: contents[type] ?? { link: "https://shop.test/1" } }] }),
  ).toBeUndefined();
});

test.each([
  ["a component", { type: "tap_target_configuration", parameters: [5] }],
  ["a header parameter", { type: "header", parameters: [{ type: "gif", gif: { link: "https://shop.test/1" } }] }],
  ["a body parameter", { type: "body", parameters: [{ type: "username", username: 5 }] }],
  ["a button", { type: "button", sub_type: "teleport", index: 0, parameters: 5 }],
  ["a button parameter", button("url", { type: "new" })],
  ["a component of a card", { type: "carousel", cards: [{ card_index: 0, components: [{ type: "order_status" }] }] }],
])("unknown types pass: %s", (_, component) => {
  expect(codeOf(component)).toBeUndefined();
});

test.each([
  ["a button without parameters", button("flow")],
  [
    "a button with three parameters",
    button("quick_reply", ...["a", "b", "c"].map((payload) => ({ type: "payload", payload }))),
  ],
  ["a card without components", { type: "carousel", cards: [{ card_index: "0", components: [] }] }],
  [
    "an amount as a string",
    {
      type: "body",
      parameters: [{ type: "currency", currency: { fallback_value: "$1", code: "USD", amount_1000: "1000" } }],
    },
  ],
  ["21 components", ...Array.from({ length: 21 }, () => body)],
])("accepts %s", (_, ...given) => {
  expect(codeOf(...given)).toBeUndefined();
});

test("accepts named parameters", () => {
  expect(codeOf({ type: "body", parameters: [text("Ana", "name"), text("7", "order")] })).toBeUndefined();
});

describe("refuses", () => {
  const only = (...parameters: unknown[]) => ({ type: "body", parameters });

  test.each([
    ["a component without a type", { parameters: [] }, 131008],
    ["a line break in a parameter", only(text("a\nb")), 132018],
    ["a tab in a parameter", only(text("a\tb")), 132018],
    ["five spaces in a parameter", only(text("a     b")), 132018],
    ["an empty parameter", only(text("")), 100],
    ["a parameter that is a number", only({ type: "text", text: 7 }), 132012],
    ["a parameter without a type", only({ text: "Ana" }), 131008],
    ["an image in the body", only(image), 132012],
    [
      "a body of 32,769 characters as the only component",
      only(text("x".repeat(30_000)), text("x".repeat(2769))),
      132005,
    ],
    ["a header of 61 characters", { type: "header", parameters: [text("x".repeat(61))] }, 132005],
    ["two parameters in a header", { type: "header", parameters: [text("a"), text("b")] }, 131009],
    ["names on some of the parameters", only(text("Ana", "name"), text("7")), 100],
    ["a duplicate name", only(text("Ana", "name"), text("7", "name")), 131009],
    ["a header parameter's type in the body, in capitals", only({ ...image, type: "IMAGE" }), 132012],
    ["a line break in a link", button("url", text("a\nb")), 132018],
    [
      "an amount_1000 of 0.5",
      only({ type: "currency", currency: { fallback_value: "1", code: "USD", amount_1000: 0.5 } }),
      131009,
    ],
    [
      "an amount_1000 that is not a number",
      only({ type: "currency", currency: { fallback_value: "1", code: "USD", amount_1000: "one" } }),
      100,
    ],
    ["a quick reply without its payload", button("quick_reply", { type: "payload" }), 131008],
    [
      "31 products on a button",
      button("mpm", {
        type: "action",
        action: { sections: [{ product_items: Array.from({ length: 31 }, () => ({ product_retailer_id: "p" })) }] },
      }),
      131009,
    ],
    ["a button without an index", { ...button("url", text("a")), index: undefined }, 131008],
    [
      "a coupon code of 21 characters",
      button("copy_code", { type: "coupon_code", coupon_code: "x".repeat(21) }),
      131009,
    ],
    [
      "an offer without an expiration time",
      { type: "limited_time_offer", parameters: [{ limited_time_offer: {} }] },
      131008,
    ],
    [
      "a carousel of eleven cards",
      { type: "carousel", cards: Array.from({ length: 11 }, () => ({ card_index: 0, components: [body] })) },
      131009,
    ],
    [
      "a carousel in a card",
      { type: "carousel", cards: [{ card_index: 0, components: [components["template carousel"]] }] },
      100,
    ],
  ])("%s", (_, component, code) => {
    expect(codeOf(component)).toBe(code);
  });

  test.each([
    ["parameters", [text("x".repeat(600)), text("x".repeat(425))]],
    ["a time", [{ type: "date_time", date_time: { fallback_value: "x".repeat(1025) } }]],
  ])("a body of 1,025 characters, unless it is the only component: %s", (_, parameters) => {
    const long = only(...parameters);
    expect(codeOf(long, { type: "header" })).toBe(132005);
    expect(codeOf({ ...long, type: "BODY" })).toBeUndefined();
  });

  test.each([
    ["no name", { name: undefined }, 100],
    ["a name of 513 characters", { name: "x".repeat(513) }, 131009],
    ["no language", { language: undefined }, 100],
    ["a language without a code", { language: {} }, 100],
    ["a policy that is a number", { language: { code: "en", policy: 5 } }, 100],
    ["a name in capitals", { name: "Offer" }, 131009],
  ])("%s", (_, change, code) => {
    expect(template({ name: "offer", language: { code: "en_US" }, ...change }, "template")?.code).toBe(code);
  });
});
