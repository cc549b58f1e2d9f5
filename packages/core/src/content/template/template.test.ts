import { describe, expect, it } from "vitest";

import { changed, full, problemsIn } from "../../../test/contents.ts";

const problemsOf = (pointer: string, value: unknown) =>
  problemsIn("template", changed<unknown>(full.template, pointer, value));
const pointers = (pointer: string, value: unknown) => problemsOf(pointer, value).map(([at]) => at);
const at = (component: number, rest: string) => `components/${component}/${rest}`;

describe("a template's name", () => {
  it.each(["a", "order_ready-2", "0", "a".repeat(512)])("is accepted: %s", (name) => {
    expect(pointers("name", name)).toEqual([]);
  });

  it.each([
    "",
    "a".repeat(513),
    "a".repeat(600),
    "../../me",
    "..%2fme",
    "a/b",
    "a.b",
    "Order",
    "order ready",
    "order\n",
    "order\u0000",
    "örder",
    5,
    null,
    undefined,
    ["order"],
  ])("is rejected: %j", (name) => {
    expect(pointers("name", name)).toEqual(["name"]);
  });
});

describe("a template's language", () => {
  it.each(["en", "en_US", "zh_HK", "language-and-locale-code"])("is accepted: %s", (code) => {
    expect(pointers("language/code", code)).toEqual([]);
    expect(pointers("language", { code })).toEqual([]);
  });

  it.each(["", "en US", "../en", "e".repeat(33), 5, null, undefined])("is rejected: %j", (code) => {
    expect(pointers("language/code", code)).toEqual(["language/code"]);
  });

  it("has any policy", () => {
    expect(pointers("language/policy", "fallback")).toEqual([]);
  });

  it("is an object", () => {
    expect(pointers("language", "en")).toEqual(["language"]);
    expect(pointers("language", undefined)).toEqual(["language"]);
    expect(pointers("language/policy", 5)).toEqual(["language/policy"]);
  });
});

const texts: readonly (readonly [what: string, pointer: string, most: number])[] = [
  ["a body's parameter", at(1, "parameters/0/text"), 1024],
  ["a currency's fallback", at(1, "parameters/1/currency/fallback_value"), 1024],
  ["a time's fallback", at(1, "parameters/2/date_time/fallback_value"), 1024],
  ["a coupon", at(4, "parameters/0/coupon_code"), 20],
  ["a card's parameter", at(10, "cards/1/components/1/parameters/0/text"), 1024],
];

describe.each(texts)("%s", (_, pointer, most) => {
  it.each(["a", " ", "a    b", "<b>&\"'{{1}}", "\u202Eabc", "a".repeat(most), "😀".repeat(most)])(
    "is accepted: %#",
    (text) => {
      expect(pointers(pointer, text)).toEqual([]);
    },
  );

  it.each([
    "",
    "a\nb",
    "a\tb",
    "a\r",
    "a\u0000b",
    "a\u001Bb",
    "\uD83D",
    "a     b",
    "     ",
    "a".repeat(most + 1),
    "😀".repeat(most + 1),
    5,
    null,
    undefined,
    {},
  ])("is rejected: %#", (text) => {
    expect(pointers(pointer, text)).toEqual([pointer]);
  });
});

describe("a body that is the only component", () => {
  const parameters = (text: string) => [
    { type: "text", text },
    { type: "date_time", date_time: { fallback_value: text } },
    { type: "currency", currency: { fallback_value: text, code: "EUR", amount_1000: 1 } },
  ];
  const alone = (text: string) => [{ type: "BODY", parameters: parameters(text) }];
  const beside = (text: string, other: unknown) => [{ type: "body", parameters: parameters(text) }, other];

  it("holds 32,768 characters a parameter", () => {
    for (const text of ["a".repeat(32_768), "😀".repeat(32_768)])
      expect(pointers("components", alone(text))).toEqual([]);
    expect(problemsOf("components", alone("a".repeat(32_769))).map(([, detail]) => detail)).toEqual(
      parameters("").map(() => "is longer than 32768 characters (code points)"),
    );
  });

  it.each([
    { type: "header" },
    { type: "button", sub_type: "url", index: 0 },
    { type: "tap_target_configuration", parameters: [] },
    { type: "carousel", cards: [{ card_index: 0, components: [] }] },
    { type: "limited_time_offer", parameters: [] },
  ])("holds 1,024 beside %j", (other) => {
    expect(pointers("components", beside("a".repeat(1024), other))).toEqual([]);
    expect(problemsOf("components", beside("a".repeat(1025), other)).map(([, detail]) => detail)).toEqual(
      parameters("").map(() => "is longer than 1024 characters (code points)"),
    );
  });

  it("is checked like any other", () => {
    expect(pointers("components", [5])).toEqual(["components/0"]);
    expect(pointers("components", [{ type: "body", parameters: [{ type: "text" }] }])).toEqual([
      "components/0/parameters/0/text",
    ]);
    expect(pointers("components", [])).toEqual([]);
    expect(pointers("components", "body")).toEqual(["components"]);
  });
});

const header = at(0, "parameters");
const body = at(1, "parameters");
const text = { type: "text", text: "a" };
const named = { ...text, parameter_name: "name" };

describe("a component", () => {
  it.each<readonly [string, string, unknown]>([
    ["header of 60 characters", header, [{ ...text, text: "a".repeat(60) }]],
    ["header with a name", header, [named]],
    ["header of a video", header, [{ type: "video", video: { link: "https://example.com/a" } }]],
    ["header of a location", header, [{ type: "location", location: { latitude: "1", longitude: 2 } }]],
    ["header of a product", header, [{ type: "product", product: { product_retailer_id: "sku", catalog_id: "1" } }]],
    [
      "header of a product with more",
      header,
      [{ type: "product", product: { product_retailer_id: "sku", x: 1 }, y: 1 }],
    ],
    [
      "header of a place with more",
      header,
      [{ type: "location", location: { latitude: 1, longitude: 2, x: 1 }, y: 1 }],
    ],
    ["header of a video with more", header, [{ type: "video", video: { id: "1", x: 1 }, y: 1 }]],
    ["header of a kind that is new", header, [{ type: "gif", gif: { link: "https://example.com/a.gif" } }]],
    ["body without parameters", body, []],
    ["body with names", body, [named, { ...named, parameter_name: "other" }]],
    ["body with names and a time", body, [named, { type: "date_time", date_time: { fallback_value: "a" } }]],
    ["body with a parameter that is new", body, [{ type: "username", username: 5 }]],
    ["that is new", "components/0", { type: "tap_target_configuration", parameters: [5] }],
    ["in capitals", "components/0", { type: "HEADER", parameters: [text] }],
    ["button at index 9", at(2, "index"), 9],
    ["button with an index that is a string", at(2, "index"), "9"],
    ["button at index 0 in digits", at(2, "index"), "0"],
    ["button whose text is true", at(2, "parameters"), [{ type: "text", text: true }]],
    ["button in capitals", at(2, "sub_type"), "QUICK_REPLY"],
    ["button of a kind that is new", "components/2", { type: "button", sub_type: "new", index: 0, parameters: 5 }],
    ["catalog without a thumbnail", at(6, "parameters/0/action"), {}],
    ["products without a thumbnail", at(7, "parameters/0/action/thumbnail_product_retailer_id"), undefined],
    ["flow without a token", at(5, "parameters/0/action/flow_token"), undefined],
    ["flow without data", at(5, "parameters/0/action/flow_action_data"), undefined],
    ...[2, 3, 4, 5, 6, 7].map((place) => ["button without parameters", at(place, "parameters"), undefined] as const),
    ["header without parameters", "components/0", { type: "header" }],
    ["body without anything", "components/1", { type: "body" }],
    ["carousel of one card", at(10, "cards"), [{ card_index: 9, components: [] }]],
    [
      "carousel of ten cards",
      at(10, "cards"),
      Array.from({ length: 10 }, (_, card_index) => ({ card_index, components: [] })),
    ],
    ["offer", at(9, "parameters/0/limited_time_offer/expiration_time_ms"), 0],
    ["offer in digits", at(9, "parameters/0/limited_time_offer/expiration_time_ms"), "1800000000000"],
    ["offer of a kind that is new", at(9, "parameters/0"), { type: "countdown", countdown: 5 }],
    ["amount in digits", `${body}/1/currency/amount_1000`, "100990"],
    ["amount below nothing", `${body}/1/currency/amount_1000`, "-5"],
    ["card_index in digits", at(10, "cards/1/card_index"), "9"],
    ["card_index twice", at(10, "cards/1/card_index"), 0],
    ["products without sections", at(7, "parameters/0/action/sections"), undefined],
    ["long suffix of a URL", at(3, "parameters/0/text"), "a".repeat(5000)],
    ...[2, 3, 4, 5, 6, 7].map(
      (place) => ["parameter of a button that is new", at(place, "parameters"), [{ type: "new", new: 5 }]] as const,
    ),
  ])("is accepted: %s", (_, pointer, value) => {
    expect(problemsOf(pointer, value)).toEqual([]);
  });

  const refused: readonly (readonly [why: string, pointer: string, value: unknown, where?: string])[] = [
    ["without a type", at(0, "type"), undefined],
    ["that is a string", "components/0", "header"],
    ["that is not in an array", "components", {}],
    ["header of 61 characters", header, [{ ...text, text: "a".repeat(61) }], `${header}/0/text`],
    [
      "header in capitals of 61",
      "components/0",
      { type: "HEADER", parameters: [{ ...text, text: "a".repeat(61) }] },
      `${header}/0/text`,
    ],
    ["header with a newline", header, [{ ...text, text: "a\nb" }], `${header}/0/text`],
    ["header with two parameters", header, [text, text]],
    [
      "header with a private link",
      header,
      [{ type: "image", image: { link: "https://10.0.0.1/a" } }],
      `${header}/0/image/link`,
    ],
    [
      "header with id and link",
      header,
      [{ type: "video", video: { id: "1", link: "https://a.com" } }],
      `${header}/0/video`,
    ],
    [
      "header of no place",
      header,
      [{ type: "location", location: { latitude: 91, longitude: 0 } }],
      `${header}/0/location/latitude`,
    ],
    ["parameter without a type", `${body}/0/type`, undefined],
    ["parameter without its name beside names", body, [named, text, named], `${body}/1/parameter_name`],
    ["currency that is none", `${body}/1/currency/code`, "usd"],
    ["amount that is a word", `${body}/1/currency/amount_1000`, "much"],
    ["amount in digits that is not whole", `${body}/1/currency/amount_1000`, "1.5"],
    ["amount that is empty", `${body}/1/currency/amount_1000`, ""],
    ["amount that is not whole", `${body}/1/currency/amount_1000`, 1.5],
    ["button without a place", at(2, "index"), undefined],
    ["button before the first place", at(2, "index"), -1],
    ["parameter with a name that is a number", `${body}/0/parameter_name`, 5],
    [
      "header of a product that is a number",
      header,
      [{ type: "product", product: { product_retailer_id: 5 } }],
      `${header}/0/product/product_retailer_id`,
    ],
    ["header of no product", header, [{ type: "product" }], `${header}/0/product`],
    ["button in tenth place", at(2, "index"), 10],
    ["button with a place that is no digit", at(2, "index"), "10"],
    ["button without a kind", at(2, "sub_type"), undefined],
    ["button whose payload is a number", at(2, "parameters/0/payload"), 5],
    ["URL with a newline", at(3, "parameters/0/text"), "a\nb"],
    ["URL without a text", at(3, "parameters/0/text"), undefined],
    ["URL with a parameter without a kind", at(3, "parameters/0/type"), undefined],
    ["payload of a quick reply that is missing", at(2, "parameters/0/payload"), undefined],
    ["flow with data that is a string", at(5, "parameters/0/action/flow_action_data"), "{}"],
    [
      "31 products",
      at(7, "parameters/0/action/sections/0/product_items/30"),
      { product_retailer_id: "a" },
      at(7, "parameters/0/action/sections"),
    ],
    ["offer that ends in a string", at(9, "parameters/0/limited_time_offer/expiration_time_ms"), "soon"],
    ["offer that ended before 1970, in digits", at(9, "parameters/0/limited_time_offer/expiration_time_ms"), "-1"],
    ["offer that ended before 1970", at(9, "parameters/0/limited_time_offer/expiration_time_ms"), -1],
    [
      "offer twice",
      at(9, "parameters"),
      [1, 2].map((expiration_time_ms) => ({ type: "limited_time_offer", limited_time_offer: { expiration_time_ms } })),
    ],
    ["carousel without cards", at(10, "cards"), []],
    [
      "carousel of 11 cards",
      at(10, "cards"),
      Array.from({ length: 11 }, (_, card_index) => ({ card_index, components: [] })),
    ],
    ["card_index of 10", at(10, "cards/1/card_index"), 10],
    ["card without components", at(10, "cards/0/components"), undefined],
    ["button on a card in tenth place", at(10, "cards/0/components/2/index"), 10],
  ];
  const rows = refused.map(([why, pointer, value, where = pointer]) => [why, pointer, value, where] as const);

  it.each(rows)("is rejected: %s", (_, pointer, value, where) => {
    const found = pointers(pointer, value);
    expect(found).toContain(where);
    expect(found.every((place) => place.startsWith(where))).toBe(true);
  });
});
