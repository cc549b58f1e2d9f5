import { describe, expect, it } from "vitest";

import {
  audio,
  authenticationTemplate,
  buttons,
  carousel,
  catalog,
  contacts,
  type Content,
  contentObject,
  ctaUrl,
  document,
  flow,
  image,
  list,
  location,
  locationRequest,
  parseContent,
  product,
  productList,
  reaction,
  removeReaction,
  sticker,
  template,
  text,
  textParameters,
  video,
  voice,
} from "./index.ts";

const link = "https://example.com/file";
const body = { text: "Body" };
const header = { type: "text", text: "Header" };
const footer = { text: "Footer" };
const around = { header: "Header", footer: "Footer" };
const url = { display_text: "Open", url: "https://example.com" };
const photo = { type: "image", image: { id: "1" } } as const;
const sections = [{ product_items: [{ product_retailer_id: "sku" }] }];
const named = { type: "body", parameters: textParameters({ name: "Ann" }) } as const;

const built: readonly (readonly [name: string, built: Content, type: string, object: unknown])[] = [
  ["text", text("Hi"), "text", { body: "Hi" }],
  ["text with a preview", text("Hi", { previewUrl: true }), "text", { body: "Hi", preview_url: true }],
  ["image", image({ link, caption: "C" }), "image", { link, caption: "C" }],
  ["video", video({ id: "1" }), "video", { id: "1" }],
  ["audio", audio({ id: "1" }), "audio", { id: "1" }],
  ["voice", voice({ link }), "audio", { link, voice: true }],
  ["document", document({ link, filename: "a.pdf" }), "document", { link, filename: "a.pdf" }],
  ["sticker", sticker({ id: "1" }), "sticker", { id: "1" }],
  ["location", location({ latitude: 1, longitude: "2" }), "location", { latitude: 1, longitude: "2" }],
  ["contacts", contacts({ name: { formatted_name: "Ann" } }), "contacts", [{ name: { formatted_name: "Ann" } }]],
  ["reaction", reaction("wamid.1", "👍"), "reaction", { message_id: "wamid.1", emoji: "👍" }],
  ["removeReaction", removeReaction("wamid.1"), "reaction", { message_id: "wamid.1", emoji: "" }],
  [
    "buttons",
    buttons("Body", [{ id: "1", title: "Yes" }], around),
    "interactive",
    {
      type: "button",
      header,
      body,
      footer,
      action: { buttons: [{ type: "reply", reply: { id: "1", title: "Yes" } }] },
    },
  ],
  [
    "list",
    list("Body", "Menu", [{ rows: [{ id: "1", title: "Row" }] }], { header: "Header" }),
    "interactive",
    { type: "list", header, body, action: { button: "Menu", sections: [{ rows: [{ id: "1", title: "Row" }] }] } },
  ],
  [
    "ctaUrl",
    ctaUrl("Body", url, { header: photo }),
    "interactive",
    { type: "cta_url", header: photo, body, action: { name: "cta_url", parameters: url } },
  ],
  [
    "flow",
    flow("Body", { flow_message_version: "3", flow_name: "sign_up", flow_cta: "Sign up" }),
    "interactive",
    {
      type: "flow",
      body,
      action: { name: "flow", parameters: { flow_message_version: "3", flow_name: "sign_up", flow_cta: "Sign up" } },
    },
  ],
  [
    "product",
    product("1", "sku"),
    "interactive",
    { type: "product", action: { catalog_id: "1", product_retailer_id: "sku" } },
  ],
  [
    "product with a body",
    product("1", "sku", { body: "Body", footer: "Footer" }),
    "interactive",
    { type: "product", body, footer, action: { catalog_id: "1", product_retailer_id: "sku" } },
  ],
  [
    "productList",
    productList("Body", "1", sections, around),
    "interactive",
    { type: "product_list", header, body, footer, action: { catalog_id: "1", sections } },
  ],
  ["catalog", catalog("Body"), "interactive", { type: "catalog_message", body, action: { name: "catalog_message" } }],
  [
    "catalog with a thumbnail",
    catalog("Body", { thumbnailProductRetailerId: "sku", footer: "Footer" }),
    "interactive",
    {
      type: "catalog_message",
      body,
      footer,
      action: { name: "catalog_message", parameters: { thumbnail_product_retailer_id: "sku" } },
    },
  ],
  [
    "locationRequest",
    locationRequest("Body"),
    "interactive",
    { type: "location_request_message", body, action: { name: "send_location" } },
  ],
  [
    "carousel",
    carousel("Body", [
      { type: "product", action: { catalog_id: "1", product_retailer_id: "a" } },
      { type: "product", action: { catalog_id: "1", product_retailer_id: "b" } },
    ]),
    "interactive",
    {
      type: "carousel",
      body,
      action: {
        cards: [
          { card_index: 0, type: "product", action: { catalog_id: "1", product_retailer_id: "a" } },
          { card_index: 1, type: "product", action: { catalog_id: "1", product_retailer_id: "b" } },
        ],
      },
    },
  ],
  ["template", template("hello", "en"), "template", { name: "hello", language: { code: "en" } }],
  [
    "template with names",
    template("hello", { code: "en", policy: "deterministic" }, [named]),
    "template",
    {
      name: "hello",
      language: { code: "en", policy: "deterministic" },
      components: [{ type: "body", parameters: [{ type: "text", parameter_name: "name", text: "Ann" }] }],
    },
  ],
  [
    "authenticationTemplate",
    authenticationTemplate("code", "en_US", "123456"),
    "template",
    {
      name: "code",
      language: { code: "en_US" },
      components: [
        { type: "body", parameters: [{ type: "text", text: "123456" }] },
        { type: "button", sub_type: "url", index: 0, parameters: [{ type: "text", text: "123456" }] },
      ],
    },
  ],
];

describe("a builder", () => {
  it.each(built)("builds exactly Meta's object, which passes: %s", (_, content, type, object) => {
    expect(content).toStrictEqual({ type, [type]: object });
    expect(parseContent(content.type, contentObject(content))._unsafeUnwrap()).toEqual(content);
  });
});

const flowTwice = { flow_message_version: "3", flow_id: "1", flow_name: "a", flow_cta: "b" } as const;

describe("what Meta refuses neither compiles nor passes", () => {
  it.each<readonly [string, Content]>([
    // @ts-expect-error
    ["an image by id and by link", image({ id: "1", link })],
    // @ts-expect-error
    ["an image by neither", image({ caption: "A" })],
    // @ts-expect-error
    ["a flow by id and by name", flow("Body", flowTwice)],
    // @ts-expect-error
    ["products without a header", productList("Body", "1", sections, { footer: "Footer" })],
    // @ts-expect-error
    ["an image above a list", list("Body", "Menu", [{ rows: [{ id: "1", title: "a" }] }], { header: photo })],
    // @ts-expect-error
    ["a button without its index", template("a", "en", [{ type: "button", sub_type: "url", parameters: [] }])],
  ])("%s", (_, content) => {
    expect(parseContent(content.type, contentObject(content)).isErr()).toBe(true);
  });
});
