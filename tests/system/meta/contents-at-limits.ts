/** A message type, Meta's object, and where in it which values are within Meta's limits and which are not. */
export interface AtLimits {
  readonly type: string;
  readonly object: unknown;
  readonly at: string;
  readonly within: readonly unknown[];
  readonly beyond: readonly unknown[];
}

const long = (length: number): string => "😀".repeat(length);
const numbered = <T>(count: number, make: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => make(at));

const link = "https://example.com/file";
const body = { text: "Body" };
const header = { type: "text", text: "Header" };
const footer = { text: "Footer" };
const image = { type: "image", image: { link } };
const video = { type: "video", video: { id: "1" } };
const document = { type: "document", document: { id: "1" } };
const newKind = { type: "new", new: 5 };
const answer = (at: number) => ({ type: "reply", reply: { id: `${at}`, title: `Title ${at}` } });
const opening = { type: "cta_url", cta_url: { display_text: "Open", url: link } };
const row = (at: number) => ({ id: `${at}`, title: `Row ${at}` });
const rows = (count: number) => ({ title: "Section", rows: numbered(count, row) });
const products = (count: number) => ({
  title: "Section",
  product_items: numbered(count, (at) => ({ product_retailer_id: `${at}` })),
});
const openUrl = { name: "cta_url", parameters: { display_text: "Open", url: link } };
const quickReply = { type: "quick_reply", quick_reply: { id: "1", title: "Yes" } };
const card = (card_index: number, more: object = {}) => ({
  card_index,
  type: "cta_url",
  header: image,
  body,
  action: openUrl,
  ...more,
});
const productCard = (card_index: number, catalog_id = "1") => ({
  card_index,
  type: "product",
  action: { product_retailer_id: "sku", catalog_id },
});

const interactive = {
  button: { type: "button", header, body, footer, action: { buttons: numbered(3, answer) } },
  list: { type: "list", header, body, footer, action: { button: "Menu", sections: [rows(5), rows(5)] } },
  cta_url: { type: "cta_url", header: image, body, footer, action: openUrl },
  flow: {
    type: "flow",
    body,
    action: { name: "flow", parameters: { flow_message_version: "3", flow_id: "1", flow_cta: "Open" } },
  },
  product: { type: "product", action: { catalog_id: "1", product_retailer_id: "sku" } },
  product_list: {
    type: "product_list",
    header,
    body,
    action: { catalog_id: "1", sections: [products(10), products(20)] },
  },
  catalog_message: { type: "catalog_message", body, action: { name: "catalog_message" } },
  location_request_message: { type: "location_request_message", body, action: { name: "send_location" } },
  carousel: { type: "carousel", body, action: { cards: [card(0), card(1)] } },
};

const text = { type: "text", text: "Text" };
const button = (sub_type: string, parameter: object) => ({
  type: "button",
  sub_type,
  index: "0",
  parameters: [parameter],
});
const template = {
  name: "order_ready",
  language: { code: "en_US" },
  components: [
    { type: "header", parameters: [text] },
    {
      type: "body",
      parameters: [
        text,
        { type: "currency", currency: { fallback_value: "$1", code: "USD", amount_1000: 1000 } },
        { type: "date_time", date_time: { fallback_value: "Today" } },
      ],
    },
    button("quick_reply", { type: "payload", payload: "yes" }),
    button("url", text),
    button("copy_code", { type: "coupon_code", coupon_code: "SAVE10" }),
    button("flow", { type: "action", action: { flow_token: "t" } }),
    button("mpm", { type: "action", action: { thumbnail_product_retailer_id: "1", sections: [products(30)] } }),
    {
      type: "limited_time_offer",
      parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: 1 } }],
    },
    { type: "carousel", cards: [{ card_index: 0, components: [{ type: "body", parameters: [text] }] }] },
  ],
};
const bodyAlone = {
  ...template,
  components: [
    {
      type: "body",
      parameters: [
        { type: "text", text: "a" },
        { type: "date_time", date_time: { fallback_value: "b" } },
        { type: "currency", currency: { fallback_value: "c", code: "USD", amount_1000: 1000 } },
      ],
    },
  ],
};
const contact = { name: { formatted_name: "Ann" } };

export const atLimits: readonly AtLimits[] = [
  of("text", { body: "Hi" }, "body", [long(4096)], [long(4097), "", 5, undefined]),
  of("text", { body: "Hi" }, "preview_url", [true, false], ["yes", 1]),
  ...["image", "video", "document"].map((type) => of(type, { id: "1" }, "caption", ["", long(1024)], [long(1025), 5])),
  ...["image", "video", "audio", "document", "sticker"].flatMap((type) => [
    of(type, { id: "1" }, "id", [], [undefined, "", 5]),
    of(type, { id: "1" }, "link", [], [link]),
    of(type, { link }, "link", [], [undefined, "", "file:///etc/passwd", "no link"]),
  ]),
  of("audio", { id: "1" }, "voice", [true], ["loud"]),
  of("document", { id: "1" }, "filename", ["", "x".repeat(241)], [5]),
  ...(["latitude", "longitude"] as const).map((field) => {
    const most = field === "latitude" ? 90 : 180;
    const within = [most, -most, `${most}`, `-${most}.0`, ".5", "1e-7", "9e1", 0];
    const beyond = [most + 1, `${-most - 0.1}`, "1e3", "", " ", "north", null, undefined, true];
    return of("location", { latitude: 0, longitude: 0 }, field, within, beyond);
  }),
  of("location", { latitude: 0, longitude: 0 }, "name", ["", long(1001)], [5]),
  of(
    "contacts",
    { all: [contact] },
    "all",
    [numbered(257, () => contact)],
    [[], numbered(258, () => contact), contact],
  ),
  of("contacts", { all: [contact] }, "all/0/name/formatted_name", ["Ann"], ["", undefined, 5]),
  of("contacts", { all: [contact] }, "all/0/name/first_name", ["", "Ann"], [5]),
  of("contacts", { all: [contact] }, "all/0/birthday", ["2012-08-18"], ["18.08.2012", "2012-8-18"]),
  of("contacts", { all: [contact] }, "all/0/phones", [[], [{ phone: "" }]], [5, [5], [{ phone: 5 }]]),
  of("contacts", { all: [contact] }, "all/0/addresses", [[{ city: "" }]], [[{ city: 5 }]]),
  of("reaction", { message_id: "wamid.1", emoji: "👍" }, "emoji", ["", "👍🏽"], ["a", undefined, 5]),

  ...Object.entries(interactive).flatMap(([type, object]) => [
    within(object, "type", ["new", type.toUpperCase()], [undefined, 5]),
    within(object, "action", [], [undefined, "action"]),
    ...("body" in object ? [within(object, "body/text", [], ["", undefined, 5])] : []),
    ...("body" in object && type !== "list" ? [within(object, "body/text", [long(1024)], [long(1025)])] : []),
    ...("footer" in object ? [within(object, "footer/text", [long(60)], [long(61), ""])] : []),
  ]),
  ...(["button", "cta_url", "flow"] as const).map((type) =>
    within(
      interactive[type],
      "header",
      [header, image, video, document, newKind],
      [{ ...header, text: long(61) }, { ...header, text: "" }, { text: "Header" }, { type: "image" }, 5],
    ),
  ),
  within(interactive.list, "header", [undefined, header, newKind], [image, video, document]),
  within(interactive.product_list, "header", [header, newKind], [undefined, image]),
  within(interactive.product, "header", [undefined], [header]),
  within(interactive.carousel, "header", [undefined], [header]),
  within(interactive.carousel, "footer", [undefined], [footer]),

  within(
    interactive.button,
    "action/buttons",
    [
      [answer(1)],
      numbered(3, answer),
      [opening, opening, ...numbered(8, answer)],
      [newKind],
      [answer(1), { ...answer(2), reply: { id: "1", title: "Two" } }],
    ],
    [
      [],
      numbered(4, answer),
      [answer(1), answer(1)],
      [opening, opening, opening],
      [answer(1), opening],
      [opening, ...numbered(10, answer)],
      [{ reply: { id: "1", title: "a" } }],
      "buttons",
    ],
  ),
  within(interactive.button, "action/buttons/0/reply/id", [long(256)], [long(257), "", " a", undefined]),
  within(interactive.button, "action/buttons/0/reply/title", [long(20)], [long(21), "", undefined]),
  within(interactive.list, "body/text", [long(4096)], [long(4097)]),
  within(interactive.list, "action/button", [long(20)], [long(21), "", undefined]),
  within(
    interactive.list,
    "action/sections",
    [[{ rows: numbered(10, row) }], [{ title: "", rows: [row(1)] }], numbered(10, () => rows(1)), [rows(1), rows(1)]],
    [[], [rows(11)], [rows(6), rows(5)], numbered(11, () => rows(1)), [{ rows: [row(1)] }, rows(1)], [rows(0)]],
  ),
  within(interactive.list, "action/sections/1/title", [long(24)], [long(25), "", undefined]),
  within(interactive.list, "action/sections/0/rows/0/id", [long(200), "1"], [long(201), "", undefined]),
  within(interactive.list, "action/sections/0/rows/0/title", [long(24)], [long(25), "", undefined]),
  within(interactive.list, "action/sections/0/rows/0/description", ["", long(72)], [long(73), 5]),
  within(interactive.cta_url, "action/name", [], ["open", undefined]),
  within(interactive.cta_url, "action/parameters/display_text", [long(20)], [long(21), ""]),
  within(interactive.cta_url, "action/parameters/url", ["http://example.com"], ["shop", ""]),
  within(interactive.flow, "action/parameters/flow_message_version", ["3", "4"], [undefined, 3]),
  within(interactive.flow, "action/parameters/flow_cta", [long(30)], [long(31), "", undefined]),
  within(interactive.flow, "action/parameters/flow_name", [], ["sign_up"]),
  within(interactive.flow, "action/parameters/flow_id", [], [undefined]),
  within(interactive.flow, "action/parameters/mode", ["draft", "new"], [5]),
  within(interactive.flow, "action/parameters/flow_action", ["navigate", "new"], [5]),
  within(interactive.flow, "action/parameters/flow_token", ["", "token"], [5]),
  within(
    interactive.flow,
    "action/parameters/flow_action_payload",
    [{ screen: "FIRST" }, { data: { a: 1 } }, {}],
    [{ data: {} }, { data: 5 }, { screen: 5 }],
  ),
  within(interactive.product, "action/catalog_id", ["2"], [undefined, 5, ""]),
  within(
    interactive.product_list,
    "action/sections",
    [[{ product_items: products(30).product_items }], numbered(10, () => products(3))],
    [
      [],
      [products(31)],
      [products(16), products(15)],
      numbered(11, () => products(1)),
      [products(1), { product_items: [] }],
    ],
  ),
  within(interactive.product_list, "action/sections/0/title", [long(24)], [long(25), undefined]),
  within(interactive.catalog_message, "action/parameters", [{}, { thumbnail_product_retailer_id: "1" }], [5]),
  within(interactive.location_request_message, "action/name", [], ["location", undefined]),
  within(
    interactive.carousel,
    "action/cards",
    [
      numbered(10, (at) => card(at)),
      [0, 1].map((at) => card(at, { header: video })),
      [0, 1].map((at) => card(at, { header: newKind })),
      [0, 1].map((at) => card(at, { action: { buttons: [quickReply, answer(1), newKind] } })),
      [productCard(0), productCard(1)],
      [0, 1].map((at) => card(at, { type: "button", action: { buttons: [quickReply] } })),
      [{ card_index: 0 }, { card_index: "1", type: "new" }],
    ],
    [
      [card(0)],
      numbered(11, (at) => card(at % 10)),
      [card(0), card(1, { header: video })],
      [card(0), card(1, { action: { buttons: [quickReply] } })],
      [0, 1].map((at) => card(at, { action: { buttons: numbered(at + 1, () => quickReply) } })),
      [0, 1].map((at) => card(at, { action: { ...openUrl, buttons: [quickReply] } })),
      [0, 1].map((at) => card(at, { action: { buttons: [] } })),
      [productCard(0), productCard(1, "2")],
      [card(0), productCard(1)],
      [card(0), { type: "new" }],
    ],
  ),
  within(
    interactive.carousel,
    "action/cards/0/card_index",
    ["9", 9, "0"],
    [10, -1, 0.5, "10", "a", " ", "1", undefined],
  ),
  within(interactive.carousel, "action/cards/0/header", [], [undefined, header, document, { type: "image" }]),
  within(
    interactive.carousel,
    "action/cards/0/body",
    [undefined, { text: long(160) }, { text: "a\nb\nc" }],
    [{ text: long(161) }, { text: "a\nb\nc\nd" }],
  ),
  within(interactive.carousel, "action/cards/0/action/parameters/display_text", [long(20)], [long(21)]),

  filled("name", ["a".repeat(512), "order-ready_2"], ["a".repeat(513), "Order", "", undefined]),
  filled("language/code", ["en"], ["", undefined, 5]),
  filled("language/policy", ["deterministic", "new"], [5]),
  filled("components", [undefined, [], [newKind], [{ type: "tap_target_configuration", parameters: [5] }]], [5, [{}]]),
  filled("components/0/type", ["HEADER", "new"], [undefined, 5]),
  filled(
    "components/0/parameters",
    [
      [],
      [{ ...text, text: long(60) }],
      [image],
      [video],
      [document],
      [{ type: "gif", gif: 5 }],
      [{ type: "product", product: { product_retailer_id: "1" } }],
    ],
    [[text, text], [{ ...text, text: long(61) }], [{ type: "image" }], [{ text: "a" }], "text"],
  ),
  filled(
    "components/1/parameters",
    [
      [],
      [
        { ...text, parameter_name: "a" },
        { ...text, parameter_name: "b" },
      ],
      [newKind],
    ],
    [[{ ...text, parameter_name: "a" }, text], [{}]],
  ),
  ...["components/1/parameters/0/text", "components/1/parameters/2/date_time/fallback_value"].map((at) =>
    filled(at, ["a    b"], [long(1025), "a\nb", "a\tb", "a     b", "", undefined, 5]),
  ),
  ...["text", "date_time/fallback_value", "currency/fallback_value"].map((at, place) =>
    of("template", bodyAlone, `components/0/parameters/${place}/${at}`, [long(32_768 - 2)], [long(32_769)]),
  ),
  filled("components/1/parameters/1/currency/amount_1000", [1000, -5, "100990"], [0.5, "1.5", "much", "", undefined]),
  filled("components/1/parameters/1/currency/code", ["EUR"], ["eur", "EURO", undefined]),
  ...["2", "3", "4", "5", "6"].map((at) =>
    filled(`components/${at}/parameters`, [undefined, [], [newKind]], [5, [{}]]),
  ),
  filled("components/2/index", [0, "0", 9, "9"], [10, "10", -1, undefined]),
  filled("components/2/sub_type", ["QUICK_REPLY", "new"], [undefined, 5]),
  filled("components/2/parameters/0/payload", ["", "x".repeat(600)], [undefined, 5]),
  filled("components/3/parameters/0/text", ["x".repeat(5000)], ["a\nb", "", undefined]),
  filled("components/4/parameters/0/coupon_code", [long(20)], [long(21), "", undefined]),
  filled("components/5/parameters/0/action", [{}, { flow_token: "" }], [undefined, { flow_action_data: "{}" }]),
  filled("components/6/parameters/0/action/sections", [undefined, [products(30)]], [[], [products(31)]]),
  filled("components/7/parameters", [[], [newKind]], [undefined, numbered(2, () => newKind)]),
  filled(
    "components/7/parameters/0/limited_time_offer/expiration_time_ms",
    [0, "1800000000000"],
    [-1, "-1", "soon", 0.5, undefined],
  ),
  filled(
    "components/8/cards",
    [numbered(10, (card_index) => ({ card_index, components: [] })), [{ card_index: "9", components: [newKind] }]],
    [
      [],
      numbered(11, () => ({ card_index: 0, components: [] })),
      [{ card_index: 0 }],
      [{ card_index: 10, components: [] }],
    ],
  ),
];

function of(
  type: string,
  object: unknown,
  at: string,
  within: readonly unknown[],
  beyond: readonly unknown[],
): AtLimits {
  return { type, object, at, within, beyond };
}

function within(object: object, at: string, inside: readonly unknown[], beyond: readonly unknown[]): AtLimits {
  return of("interactive", object, at, inside, beyond);
}

function filled(at: string, inside: readonly unknown[], beyond: readonly unknown[]): AtLimits {
  return of("template", template, at, inside, beyond);
}

/** The object with another value where the limit is; undefined takes the field away. */
export function contentAt({ type, object, at }: AtLimits, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
  const steps = at.split("/");
  const last = steps.pop() as string;
  let parent = copy;
  for (const step of steps) parent = (parent[step] ??= {}) as Record<string, unknown>;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return type === "contacts" ? copy["all"] : copy;
}
