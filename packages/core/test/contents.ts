import { parseContent } from "@message-sender/core/content";

type Json = Record<string, unknown>;

/** Where the problems of an object are, below it, and what they are. */
export function problemsIn(type: string, object: unknown): readonly (readonly [pointer: string, detail: string])[] {
  return parseContent(type, object).match(
    () => [],
    (problems) => problems.map(({ path, detail }) => [path.slice(1).join("/"), detail] as const),
  );
}

/** A copy with another value at `pointer`; undefined takes the field away. */
export function changed<T>(object: T, pointer: string, value: unknown): T {
  const copy: unknown = JSON.parse(JSON.stringify(object));
  const steps = pointer.split("/");
  const last = steps.pop() as string;
  let at = copy as Json;
  for (const step of steps) at = (at[step] ??= {}) as Json;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy as T;
}

/** The pointers of all objects in a JSON value, itself first. */
export function objectsIn(value: unknown, pointer = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.entries(value).flatMap(([key, member]) => objectsIn(member, `${pointer}/${key}`));
  return Array.isArray(value) ? below : [pointer, ...below];
}

const link = "https://example.com/file";
const header = { type: "text", text: "Header" };
const body = { text: "Body" };
const footer = { text: "Footer" };
const reply = (name: string) => ({ type: "reply", reply: { id: `id-${name}`, title: `Title ${name}` } });
const row = (name: string) => ({ id: `id-${name}`, title: `Row ${name}`, description: "Description" });
const quickReply = (name: string) => ({ type: "quick_reply", quick_reply: { id: name, title: name } });
const mediaCard = (card_index: number) => ({
  card_index,
  type: "cta_url",
  header: { type: "image", image: { link } },
  body: { text: "Line\nline\nline" },
  action: { name: "cta_url", parameters: { display_text: "Open", url: "http://localhost/shop" } },
});
const replyCard = (card_index: number) => ({
  ...mediaCard(card_index),
  header: { type: "video", video: { id: "1" } },
  action: { buttons: [quickReply("a"), quickReply("b")] },
});
const productCard = (card_index: number) => ({
  card_index,
  type: "product",
  action: { product_retailer_id: `sku-${card_index}`, catalog_id: "1" },
});
const productItems = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ product_retailer_id: `sku-${at}` }));
const flow = { flow_message_version: "3", flow_id: "1", flow_cta: "Open" };
const text = { type: "text", text: "Text" };
const button = (sub_type: string, ...parameters: readonly Json[]) => ({
  type: "button",
  sub_type,
  index: 0,
  parameters,
});

/** Of each kind one object with every field that is checked. */
export const full = {
  text: { body: "Body", preview_url: true },
  image: { link, caption: "Caption" },
  video: { id: "1", caption: "Caption" },
  audio: { id: "1", voice: true },
  document: { link, caption: "Caption", filename: "order.pdf" },
  sticker: { id: "1" },
  location: { latitude: 37.758056, longitude: "-122.425332", name: "Name", address: "Address" },
  contacts: [
    {
      name: {
        formatted_name: "Dr Ann B. Lee Jr",
        first_name: "Ann",
        last_name: "Lee",
        middle_name: "B.",
        suffix: "Jr",
        prefix: "Dr",
      },
      birthday: "2012-08-18",
      phones: [{ phone: "+1 (650) 555-1234", type: "WORK", wa_id: "16505551234" }],
      emails: [{ email: "ann@example.com", type: "WORK" }],
      addresses: [
        {
          street: "1 Hacker Way",
          city: "Menlo Park",
          state: "CA",
          zip: "94025",
          country: "United States",
          country_code: "us",
          type: "HOME",
        },
      ],
      org: { company: "Company", department: "Design", title: "Manager" },
      urls: [{ url: "http://localhost", type: "HOME" }],
    },
  ],
  reaction: { message_id: "wamid.HBgLM=", emoji: "👍🏽" },
  template: {
    name: "order_ready-2",
    language: { code: "en_US", policy: "deterministic" },
    components: [
      { type: "header", parameters: [{ type: "document", document: { link, filename: "order.pdf" } }] },
      {
        type: "body",
        parameters: [
          text,
          { type: "currency", currency: { fallback_value: "$1", code: "USD", amount_1000: 1000 } },
          { type: "date_time", date_time: { fallback_value: "Today" } },
        ],
      },
      button("quick_reply", { type: "payload", payload: "payload" }),
      button("url", { type: "text", text: "suffix" }),
      button("copy_code", { type: "coupon_code", coupon_code: "SAVE10" }),
      button("flow", { type: "action", action: { flow_token: "token", flow_action_data: { a: { b: [1] } } } }),
      button("CATALOG", { type: "action", action: { thumbnail_product_retailer_id: "sku" } }),
      button("mpm", {
        type: "action",
        action: {
          thumbnail_product_retailer_id: "sku",
          sections: [{ title: "Section", product_items: productItems(30) }],
        },
      }),
      button("voice_call", { type: "ttl_minutes", ttl_minutes: 5 }),
      {
        type: "limited_time_offer",
        parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1_800_000_000_000 } }],
      },
      {
        type: "carousel",
        cards: [0, 1].map((card_index) => ({
          card_index,
          components: [
            { type: "header", parameters: [{ type: "image", image: { id: "1" } }] },
            { type: "body", parameters: [text] },
            button("url", { type: "text", text: "suffix" }),
          ],
        })),
      },
    ],
  },
};

/** Of each kind of interactive message that is checked one with every field that is. */
export const interactive = {
  button: { type: "button", header, body, footer, action: { buttons: [reply("1"), reply("2"), reply("3")] } },
  list: {
    type: "list",
    header,
    body,
    footer,
    action: {
      button: "Menu",
      sections: [
        { title: "One", rows: ["1", "2", "3", "4"].map(row) },
        { title: "Two", rows: ["5", "6", "7", "8", "9", "10"].map(row) },
      ],
    },
  },
  cta_url: {
    type: "cta_url",
    header: { type: "image", image: { link } },
    body,
    footer,
    action: { name: "cta_url", parameters: { display_text: "Open", url: "http://127.0.0.1/shop" } },
  },
  flow: {
    type: "flow",
    header: { type: "document", document: { id: "1", filename: "order.pdf" } },
    body,
    footer,
    action: {
      name: "flow",
      parameters: {
        ...flow,
        mode: "draft",
        flow_token: "token",
        flow_action: "navigate",
        flow_action_payload: { screen: "FIRST", data: { a: 1 } },
      },
    },
  },
  product: { type: "product", body, footer, action: { catalog_id: "1", product_retailer_id: "sku" } },
  product_list: {
    type: "product_list",
    header,
    body,
    footer,
    action: {
      catalog_id: "1",
      sections: [
        { title: "One", product_items: productItems(10) },
        { title: "Two", product_items: productItems(20) },
      ],
    },
  },
  catalog_message: {
    type: "catalog_message",
    body,
    footer,
    action: { name: "catalog_message", parameters: { thumbnail_product_retailer_id: "sku" } },
  },
  location_request_message: { type: "location_request_message", body, action: { name: "send_location" } },
  carousel: { type: "carousel", body, action: { cards: [mediaCard(0), mediaCard(1), mediaCard(2)] } },
  "carousel of replies": { type: "carousel", body, action: { cards: [replyCard(1), replyCard(0)] } },
  "carousel of products": { type: "carousel", body, action: { cards: [productCard(0), productCard(9)] } },
};

/** Of each kind one object with no more than it needs. */
export const minimal: readonly (readonly [type: string, object: unknown])[] = [
  ["text", { body: "a" }],
  ["image", { link }],
  ["video", { link }],
  ["audio", { link }],
  ["document", { id: "1" }],
  ["sticker", { link }],
  ["location", { latitude: 0, longitude: 0 }],
  ["contacts", [{ name: { formatted_name: "Ann" } }]],
  ["reaction", { message_id: "wamid.1", emoji: "" }],
  ["interactive", { type: "button", body, action: { buttons: [reply("1")] } }],
  ["interactive", { type: "list", body, action: { button: "b", sections: [{ rows: [{ id: "1", title: "t" }] }] } }],
  ["interactive", { ...interactive.cta_url, header: undefined, footer: undefined }],
  ["interactive", { type: "flow", body, action: { name: "flow", parameters: flow } }],
  ["interactive", { type: "product", action: interactive.product.action }],
  ["interactive", { ...interactive.product_list, footer: undefined }],
  ["interactive", { type: "catalog_message", body, action: { name: "catalog_message" } }],
  ["template", { name: "hello_world", language: { code: "en" } }],
  ["template", { name: "hello_world", language: { code: "en" }, components: [] }],
];
