import { describe, expect, it } from "vitest";

import { problemsIn } from "../../test/contents.ts";

const good = "https://example.com/file";
const bad = [
  "http://example.com/a",
  "https://127.0.0.1/a",
  "https://169.254.169.254/a",
  "https://user@example.com/a",
  "",
];
const body = { text: "Body" };
const templateOf = (component: object) => ({ name: "a", language: { code: "en" }, components: [component] });

const places: readonly (readonly [where: string, type: string, of: (link: string) => object, pointer: string])[] = [
  [
    "the header of an unknown kind of message",
    "interactive",
    (link) => ({ type: "new", header: { type: "image", image: { link } } }),
    "header/image/link",
  ],
  [
    "an item of an order",
    "interactive",
    (link) => ({ type: "order_details", body, action: { parameters: { order: { items: [{ image: { link } }] } } } }),
    "action/parameters/order/items/0/image/link",
  ],
  [
    "an unknown kind of header",
    "interactive",
    (link) => ({
      type: "location_request_message",
      body,
      header: { type: "gif", gif: { link } },
      action: { name: "send_location" },
    }),
    "header/gif/link",
  ],
  [
    "an unknown kind of card",
    "interactive",
    (link) => ({
      type: "carousel",
      body,
      action: {
        cards: [0, 1].map((card_index) => ({ card_index, type: "new", header: { image: card_index ? { link } : {} } })),
      },
    }),
    "action/cards/1/header/image/link",
  ],
  [
    "an unknown field beside known ones",
    "interactive",
    (link) => ({ type: "catalog_message", body, action: { name: "catalog_message" }, thumbnail: { link } }),
    "thumbnail/link",
  ],
  [
    "an unknown component of a template",
    "template",
    (link) => templateOf({ type: "new", parameters: [{ type: "image", image: { link } }] }),
    "components/0/parameters/0/image/link",
  ],
  [
    "an unknown parameter of a template",
    "template",
    (link) => templateOf({ type: "header", parameters: [{ type: "gif", gif: { link } }] }),
    "components/0/parameters/0/gif/link",
  ],
];

describe.each(places)("a media link in %s", (_, type, of, pointer) => {
  it("is accepted if it is valid", () => {
    expect(problemsIn(type, of(good))).toEqual([]);
  });

  it.each(bad)("is rejected as in any other field: %j", (link) => {
    expect(problemsIn(type, of(link)).map(([at]) => at)).toEqual([pointer]);
  });
});

describe("a link", () => {
  it("has a pointer that ends before the first name that cannot be quoted", () => {
    const object = { type: "new", "CANARY-4711": { link: "http://example.com" } };
    expect(problemsIn("interactive", object)).toEqual([["", expect.any(String)]]);
  });

  it("is one problem even if a schema finds it too", () => {
    const header = { type: "image", image: { link: "http://example.com" } };
    const action = { buttons: [{ type: "reply", reply: { id: "1", title: "Yes" } }] };
    expect(problemsIn("interactive", { type: "button", header, body, action })).toEqual([
      ["header/image/link", "must be an https URL without credentials and spaces"],
    ]);
  });

  it("is not checked in the data of a flow", () => {
    const data = { link: "anything" };
    const parameters = { flow_message_version: "3", flow_id: "1", flow_cta: "Open", flow_action_payload: { data } };
    expect(problemsIn("interactive", { type: "flow", body, action: { name: "flow", parameters } })).toEqual([]);
    const action = { flow_action_data: data };
    const button = { type: "button", sub_type: "flow", index: 0, parameters: [{ type: "action", action }] };
    expect(problemsIn("template", templateOf(button))).toEqual([]);
  });
});
