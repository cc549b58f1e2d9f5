import { describe, expect, test } from "vitest";

import { interactive, supportedInteractiveTypes } from "./interactive.ts";

const body = { text: "Which one?" };
const reply = (index: number) => ({ type: "reply", reply: { id: `id-${index}`, title: `Title ${index}` } });
const link = { type: "cta_url", cta_url: { display_text: "Open", url: "https://shop.test" } };
const row = (index: number) => ({ id: `row-${index}`, title: `Row ${index}`, description: "One of them" });
const rows = (count: number, from = 0) => Array.from({ length: count }, (_, index) => row(from + index));
const items = (count: number) => Array.from({ length: count }, (_, index) => ({ product_retailer_id: `p${index}` }));
const named = (name: string, parameters?: object) => ({ name, ...(parameters && { parameters }) });
const openUrl = named("cta_url", { display_text: "Open", url: "https://shop.test/?a=1" });
const flow = { flow_message_version: "3", flow_id: "1", flow_cta: "Book" };
const card = (index: number, more: object = {}) => ({
  card_index: index,
  type: "cta_url",
  header: { type: "image", image: { link: "https://shop.test/1.jpg" } },
  body: { text: "A card" },
  action: openUrl,
  ...more,
});
const product = (index: number, catalog = "1") => ({
  card_index: index,
  type: "product",
  action: { catalog_id: catalog, product_retailer_id: `p${index}` },
});
const cards = (...all: object[]) => ({ body, action: { cards: all } });

function codeOf(type: string, content: object) {
  return interactive({ type, ...content }, "interactive")?.code;
}

const header = { type: "text", text: "Header" };
const footer = { text: "Footer" };

const messages = {
  "interactive button": { header, body, footer, action: { buttons: [reply(1), reply(2), reply(3)] } },
  "interactive list": { header, body, footer, action: { button: "Choose", sections: [{ rows: rows(10) }] } },
  "interactive cta_url": { header: { type: "video", video: { id: "1" } }, body, footer, action: openUrl },
  "interactive flow": { body, action: named("flow", flow) },
  "interactive product": { action: { catalog_id: "1", product_retailer_id: "p1" } },
  "interactive product_list": {
    header,
    body,
    action: { catalog_id: "1", sections: [{ product_items: items(30) }] },
  },
  "interactive catalog_message": {
    body,
    action: named("catalog_message", { thumbnail_product_retailer_id: "p1" }),
  },
  "interactive location_request_message": { body, action: named("send_location") },
  "interactive address_message": { body, action: named("address_message", { country: "IN" }) },
  "interactive carousel": cards(card(0), card(1)),
  "interactive voice_call": { body, action: named("voice_call", { display_text: "Call", ttl_minutes: 10 }) },
  "interactive call_permission_request": { action: named("call_permission_request") },
  "interactive request_contact_info": { body, action: named("request_contact_info") },
  "interactive order_details": { body, action: named("review_and_pay", { reference_id: "1" }) },
  "interactive order_status": { body, action: named("review_order", { reference_id: "1" }) },
};

test.each(Object.entries(messages))("%s", (title, content) => {
  const type = title.slice("interactive ".length);
  expect(codeOf(type, content)).toBeUndefined();
  expect(codeOf(type, { ...content, action: undefined })).toBe(131008);
  expect(codeOf(type, { ...content, body: { text: "x".repeat(4097) } })).toBe(
    type === "call_permission_request" ? undefined : 131009,
  );
});

test("every supported type is tested", () => {
  expect(Object.keys(messages).map((title) => title.slice("interactive ".length))).toEqual(supportedInteractiveTypes);
});

test.each(["hologram", "constructor", "__proto__"])("unknown types pass: %s", (type) => {
  expect(interactive({ type, body: 5 }, "interactive")).toBeUndefined();
});

test.each([
  ["no type", undefined, 131008],
  ["a type that is a number", 5, 100],
])("refuses %s", (_, type, code) => {
  expect(interactive({ type, body }, "interactive")?.code).toBe(code);
});

const list = (sections: object[], button = "Choose") => ({ body, action: { button, sections } });

describe("takes", () => {
  test.each([
    ["a list's long body", "list", { ...messages["interactive list"], body: { text: "x".repeat(4096) } }],
    [
      "links before replies, as in Direct Send",
      "button",
      { body, action: { buttons: [link, link, reply(1), reply(2)] } },
    ],
    ["a carousel of products of one catalog", "carousel", cards(product(0), product(1))],
    [
      "a carousel with quick replies",
      "carousel",
      cards(...[0, 1].map((index) => card(index, { type: "button", action: { buttons: [reply(index)] } }))),
    ],
    ["a duplicate row, about which Meta says nothing", "list", list([{ rows: [row(1), row(1)] }])],
    ["a row with an empty description", "list", list([{ rows: [{ ...row(1), description: "" }] }])],
    ["a header of an unknown type", "list", { ...messages["interactive list"], header: { type: "gif", gif: 5 } }],
    ["a button of an unknown type", "button", { body, action: { buttons: [{ type: "call", call: 5 }] } }],
    ["cards of an unknown type", "carousel", cards({ card_index: 0, type: "new" }, { card_index: "1", type: "new" })],
    ["cards without a type", "carousel", cards({ card_index: 0 }, { card_index: 1 })],
    [
      "cards with a header of an unknown type",
      "carousel",
      cards(...[0, 1].map((at) => card(at, { header: { type: "gif" } }))),
    ],
    [
      "cards with a button of an unknown type",
      "carousel",
      cards(...[0, 1].map((at) => card(at, { action: { buttons: [{ type: "new" }] } }))),
    ],
    [
      "a flow of a newer version",
      "flow",
      {
        body,
        action: named("flow", {
          ...flow,
          flow_message_version: "4",
          mode: "test",
          flow_action: "jump",
          flow_token: "",
        }),
      },
    ],
    [
      "a flow's data without a screen",
      "flow",
      { body, action: named("flow", { ...flow, flow_action_payload: { data: { a: 1 } } }) },
    ],
    [
      "a flow with a name instead of an id",
      "flow",
      { body, action: named("flow", { ...flow, flow_id: undefined, flow_name: "book" }) },
    ],
  ])("%s", (_, type, content) => {
    expect(codeOf(type, content)).toBeUndefined();
  });
});

describe("refuses", () => {
  const buttons = (...all: object[]) => ({ body, action: { buttons: all } });

  test.each([
    ["a body of 1,025 characters", "button", { ...messages["interactive button"], body: { text: "x".repeat(1025) } }],
    ["a footer of 61 characters", "button", { ...messages["interactive button"], footer: { text: "x".repeat(61) } }],
    [
      "a header of 61 characters",
      "list",
      { ...messages["interactive list"], header: { type: "text", text: "x".repeat(61) } },
    ],
    ["no buttons", "button", buttons()],
    ["four buttons", "button", buttons(reply(1), reply(2), reply(3), reply(4))],
    ["a duplicate button", "button", buttons(reply(1), reply(1))],
    ["a button of 21 characters", "button", buttons({ type: "reply", reply: { id: "1", title: "x".repeat(21) } })],
    [
      "a button id of 257 characters",
      "button",
      buttons({ type: "reply", reply: { id: "x".repeat(257), title: "Yes" } }),
    ],
    ["a button id with a leading space", "button", buttons({ type: "reply", reply: { id: " 1", title: "Yes" } })],
    [
      "a card with a link and buttons",
      "carousel",
      cards(...[0, 1].map((at) => card(at, { action: { ...openUrl, buttons: [reply(1)] } }))),
    ],
    ["a card_index of 0.5", "carousel", cards(card(0), card(0.5))],
    ["three links", "button", buttons(link, link, link)],
    ["a link after a reply", "button", buttons(reply(1), link)],
    ["eleven rows in one section", "list", list([{ rows: rows(11) }])],
    [
      "eleven rows in two sections",
      "list",
      list([
        { title: "A", rows: rows(6) },
        { title: "B", rows: rows(5, 6) },
      ]),
    ],
    ["eleven sections", "list", list(rows(11).map((one, at) => ({ title: `S${at}`, rows: [one] })))],
    ["a row of 25 characters", "list", list([{ rows: [{ id: "1", title: "x".repeat(25) }] }])],
    ["a row description of 73 characters", "list", list([{ rows: [{ ...row(1), description: "x".repeat(73) }] }])],
    ["a list button of 21 characters", "list", list([{ rows: rows(1) }], "x".repeat(21))],
    ["an invalid link", "cta_url", { body, action: named("cta_url", { display_text: "Open", url: "shop" }) }],
    ["a flow with both an id and a name", "flow", { body, action: named("flow", { ...flow, flow_name: "book" }) }],
    [
      "a flow with an empty payload",
      "flow",
      { body, action: named("flow", { ...flow, flow_action_payload: { screen: "S", data: {} } }) },
    ],
    ["a header on a product", "product", { ...messages["interactive product"], header }],
    [
      "31 products",
      "product_list",
      { header, body, action: { catalog_id: "1", sections: [{ product_items: items(31) }] } },
    ],
    [
      "31 products in two sections",
      "product_list",
      {
        header,
        body,
        action: {
          catalog_id: "1",
          sections: [16, 15].map((count) => ({ title: `${count}`, product_items: items(count) })),
        },
      },
    ],
    [
      "a country name instead of a code",
      "address_message",
      { body, action: named("address_message", { country: "India" }) },
    ],
    ["a call of 43,201 minutes", "voice_call", { body, action: named("voice_call", { ttl_minutes: 43_201 }) }],
    ["a carousel of one card", "carousel", cards(card(0))],
    ["a carousel of eleven cards", "carousel", cards(...rows(11).map((_, at) => card(at % 10)))],
    ["a duplicate card_index", "carousel", cards(card(0), card(0))],
    ["a card_index of 10", "carousel", cards(card(0), card(10))],
    ["a card with three line breaks", "carousel", cards(card(0), card(1, { body: { text: "a\nb\nc\nd" } }))],
    ["a card of 161 characters", "carousel", cards(card(0), card(1, { body: { text: "x".repeat(161) } }))],
    ["a carousel with a footer", "carousel", { ...cards(card(0), card(1)), footer }],
  ])("%s", (_, type, content) => {
    expect(codeOf(type, content)).toBe(131009);
  });

  test.each([
    ["two sections without titles", "list", list([{ rows: rows(1) }, { rows: rows(1, 1) }]), 131008],
    [
      "a product list without a header",
      "product_list",
      { ...messages["interactive product_list"], header: undefined },
      131008,
    ],
    [
      "a flow without an id or a name",
      "flow",
      { body, action: named("flow", { ...flow, flow_id: undefined }) },
      131008,
    ],
    [
      "a list with an image header",
      "list",
      { ...messages["interactive list"], header: { type: "image", image: { id: "1" } } },
      100,
    ],
    ["another action name", "cta_url", { body, action: { ...openUrl, name: "open" } }, 100],
    [
      "cards of two shapes",
      "carousel",
      cards(card(0), card(1, { header: { type: "video", video: { id: "1" } } })),
      100,
    ],
    ["products of two catalogs", "carousel", cards(product(0), product(1, "2")), 100],
  ])("%s", (_, type, content, code) => {
    expect(codeOf(type, content)).toBe(code);
  });
});

test("an error names the field that is too long, as Meta's does", () => {
  const content = {
    type: "button",
    body,
    action: { buttons: [{ type: "reply", reply: { id: "1", title: "x".repeat(21) } }] },
  };
  expect(interactive(content, "interactive")).toEqual({
    code: 131009,
    details: "Button title length invalid. Min length: 1, Max length: 20",
  });
});
