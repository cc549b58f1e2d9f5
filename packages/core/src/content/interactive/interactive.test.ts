import { describe, expect, it } from "vitest";

import { changed, interactive, problemsIn } from "../../../test/contents.ts";

type Kind = keyof typeof interactive;

const problemsOf = (kind: Kind, pointer: string, value: unknown) =>
  problemsIn("interactive", changed<unknown>(interactive[kind], pointer, value));

const pointers = (kind: Kind, pointer: string, value: unknown) => problemsOf(kind, pointer, value).map(([at]) => at);

const longest: readonly (readonly [kind: Kind, pointer: string, most: number])[] = [
  ["button", "header/text", 60],
  ["button", "body/text", 1024],
  ["button", "footer/text", 60],
  ["button", "action/buttons/1/reply/id", 256],
  ["button", "action/buttons/2/reply/title", 20],
  ["list", "header/text", 60],
  ["list", "body/text", 4096],
  ["list", "footer/text", 60],
  ["list", "action/button", 20],
  ["list", "action/sections/1/title", 24],
  ["list", "action/sections/1/rows/5/id", 200],
  ["list", "action/sections/1/rows/5/title", 24],
  ["list", "action/sections/1/rows/5/description", 72],
  ["cta_url", "body/text", 1024],
  ["cta_url", "action/parameters/display_text", 20],
  ["flow", "body/text", 1024],
  ["flow", "action/parameters/flow_cta", 30],
  ["product", "body/text", 1024],
  ["product", "footer/text", 60],
  ["product_list", "header/text", 60],
  ["product_list", "body/text", 1024],
  ["product_list", "action/sections/1/title", 24],
  ["catalog_message", "body/text", 1024],
  ["location_request_message", "body/text", 1024],
  ["carousel", "body/text", 1024],
  ["carousel", "action/cards/1/body/text", 160],
  ["carousel", "action/cards/1/action/parameters/display_text", 20],
  ["carousel of replies", "action/cards/1/action/buttons/1/quick_reply/id", 256],
  ["carousel of replies", "action/cards/1/action/buttons/1/quick_reply/title", 20],
];

it.each(longest)("%s: %s has up to %i characters", (kind, pointer, most) => {
  expect(problemsOf(kind, pointer, "a".repeat(most))).toEqual([]);
  expect(problemsOf(kind, pointer, "😀".repeat(most))).toEqual([]);
  const problem = [pointer, `is longer than ${most} characters (code points)`];
  expect(problemsOf(kind, pointer, "a".repeat(most + 1))).toEqual([problem]);
  expect(problemsOf(kind, pointer, "😀".repeat(most + 1))).toEqual([problem]);
});

it.each(longest)("%s: %s is a text without control characters", (kind, pointer) => {
  for (const value of ["a\u0000", "a\rb", "\uD83D", 5]) expect(pointers(kind, pointer, value)).toEqual([pointer]);
});

const needed: readonly (readonly [Kind, string])[] = [
  ["button", "body"],
  ["button", "body/text"],
  ["button", "action"],
  ["button", "action/buttons"],
  ["button", "action/buttons/0/type"],
  ["button", "action/buttons/0/reply"],
  ["button", "action/buttons/0/reply/id"],
  ["button", "action/buttons/0/reply/title"],
  ["button", "header/text"],
  ["list", "body"],
  ["list", "action/button"],
  ["list", "action/sections"],
  ["list", "action/sections/0/rows"],
  ["list", "action/sections/0/rows/0/id"],
  ["list", "action/sections/0/rows/0/title"],
  ["cta_url", "body"],
  ["cta_url", "header/image"],
  ["cta_url", "action/name"],
  ["cta_url", "action/parameters"],
  ["cta_url", "action/parameters/display_text"],
  ["cta_url", "action/parameters/url"],
  ["flow", "body"],
  ["flow", "action/name"],
  ["flow", "action/parameters/flow_message_version"],
  ["flow", "action/parameters/flow_cta"],
  ["product", "action/catalog_id"],
  ["product", "action/product_retailer_id"],
  ["product_list", "header"],
  ["product_list", "body"],
  ["product_list", "action/catalog_id"],
  ["product_list", "action/sections/0/product_items"],
  ["product_list", "action/sections/0/product_items/0/product_retailer_id"],
  ["catalog_message", "body"],
  ["catalog_message", "action/name"],
  ["location_request_message", "body"],
  ["location_request_message", "action/name"],
  ["carousel", "body"],
  ["carousel", "action/cards"],
  ["carousel", "action/cards/0/card_index"],
  ["carousel", "action/cards/0/header"],
  ["carousel", "action/cards/0/action"],
  ["carousel of replies", "action/cards/0/action/buttons/0/quick_reply"],
  ["carousel of products", "action/cards/0/action/catalog_id"],
  ["carousel of products", "action/cards/0/action/product_retailer_id"],
];

it.each(needed)("%s: %s is required", (kind, pointer) => {
  expect(problemsOf(kind, pointer, undefined)).toEqual([[pointer, "is missing"]]);
});

const entry = { id: "id", title: "title" };
const button = (name: string) => ({ type: "reply", reply: { id: name, title: name } });
const items = (count: number) => Array.from({ length: count }, () => ({ product_retailer_id: "sku" }));
const sections = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ title: "Section", rows: [{ id: `${at}`, title: "Row" }] }));
const link = { type: "cta_url", cta_url: { display_text: "Open", url: "https://example.com" } };
const answers = (count: number) => Array.from({ length: count }, (_, at) => button(`${at}`));

const refused: readonly (readonly [why: string, kind: Kind, pointer: string, value: unknown, at?: string])[] = [
  ["no button", "button", "action/buttons", []],
  ["four buttons", "button", "action/buttons", ["a", "b", "c", "d"].map(button)],
  ["a title twice", "button", "action/buttons/2/reply/title", "Title 1"],
  ["an id with leading whitespace", "button", "action/buttons/0/reply/id", " a"],
  ["a blank title", "button", "action/buttons/0/reply/title", "\u200B"],
  ["a button without its kind", "button", "action/buttons/0/type", undefined],
  ["three links", "button", "action/buttons", [link, link, link]],
  ["a link after a reply", "button", "action/buttons", [button("a"), link]],
  ["eleven buttons with a link", "button", "action/buttons", [link, ...answers(10)]],
  [
    "a title twice beside a link",
    "button",
    "action/buttons",
    [link, button("a"), button("a")],
    "action/buttons/2/reply/title",
  ],
  [
    "a link of 21 characters",
    "button",
    "action/buttons/0",
    { ...link, cta_url: { ...link.cta_url, display_text: "a".repeat(21) } },
    "action/buttons/0/cta_url/display_text",
  ],
  ["a header in capitals that is too long", "button", "header", { type: "TEXT", text: "a".repeat(61) }, "header/text"],
  ["a header without its kind", "button", "header", { text: "Header" }, "header/type"],
  ["a header that is a string", "button", "header", "Header"],
  ["a footer that is a string", "button", "footer", "Footer"],
  ["a link in the header to loopback", "cta_url", "header/image/link", "https://127.0.0.1/a"],
  ["a header with id and link", "cta_url", "header/image/id", "1", "header/image"],
  ["an image above a list", "list", "header/type", "image"],
  ["no section", "list", "action/sections", []],
  ["11 sections", "list", "action/sections", sections(11)],
  ["no row", "list", "action/sections/0/rows", []],
  ["an 11th row", "list", "action/sections/0/rows/4", { id: "11", title: "Row" }, "action/sections"],
  ["a section without a title beside another", "list", "action/sections/1/title", undefined],
  ["a section with an empty title beside another", "list", "action/sections/0/title", ""],
  ["a row that is a string", "list", "action/sections/0/rows/0", "Row"],
  ["another name of the action", "cta_url", "action/name", "open"],
  ["a javascript: URL", "cta_url", "action/parameters/url", "javascript:alert(1)"],
  ["flow_id and flow_name", "flow", "action/parameters/flow_name", "name", "action/parameters"],
  ["neither flow_id nor flow_name", "flow", "action/parameters/flow_id", undefined, "action/parameters"],
  ["a flow version that is a number", "flow", "action/parameters/flow_message_version", 3],
  ["empty data", "flow", "action/parameters/flow_action_payload/data", {}],
  ["data that is an array", "flow", "action/parameters/flow_action_payload/data", [1]],
  ["a header above a product", "product", "header", { type: "text", text: "Header" }],
  ["an image above products", "product_list", "header/type", "image"],
  ["no products", "product_list", "action/sections", []],
  [
    "11 sections of products",
    "product_list",
    "action/sections",
    sections(11).map((s) => ({ ...s, product_items: items(1) })),
  ],
  ["a 31st product", "product_list", "action/sections/0/product_items", items(11), "action/sections"],
  ["products without a title beside others", "product_list", "action/sections/0/title", undefined],
  ["another name of a catalog", "catalog_message", "action/name", "catalog"],
  ["a thumbnail that is a number", "catalog_message", "action/parameters/thumbnail_product_retailer_id", 5],
  ["another name of a request", "location_request_message", "action/name", "location"],
];

describe("an interactive message is rejected with", () => {
  const rows = refused.map(([why, kind, pointer, value, at = pointer]) => [why, kind, pointer, value, at] as const);

  it.each(rows)("%s (%s)", (_, kind, pointer, value, at) => {
    const found = pointers(kind, pointer, value);
    expect(new Set(found)).toContain(at);
    expect(found.every((place) => place.startsWith(at))).toBe(true);
  });
});

describe("an interactive message is accepted with", () => {
  it.each<readonly [string, Kind, string, unknown]>([
    ["three buttons with lines in an id", "button", "action/buttons/0/reply/id", "a\tb"],
    ["an id of a button twice", "button", "action/buttons/1/reply/id", "id-1"],
    ["a kind of button that is new", "button", "action/buttons/0", { type: "voice_call", voice_call: 5 }],
    ["ten buttons, two of them links", "button", "action/buttons", [link, link, ...answers(8)]],
    ["a kind of header that is new", "button", "header", { type: "gif", gif: 5 }],
    ["a kind of header above a list that is new", "list", "header", { type: "gif", gif: 5 }],
    ["an id of a row twice", "list", "action/sections/1/rows/0/id", "id-1"],
    ["a flow version that is new", "flow", "action/parameters/flow_message_version", "4"],
    ["a mode that is new", "flow", "action/parameters/mode", "test"],
    ["a flow action that is new", "flow", "action/parameters/flow_action", "jump"],
    ["a flow token that is empty", "flow", "action/parameters/flow_token", ""],
    ["a header of a document", "button", "header", { type: "document", document: { id: "1", filename: "a.pdf" } }],
    ["ten sections of one row", "list", "action/sections", sections(10)],
    ["an untitled only section", "list", "action/sections", [{ rows: [entry] }]],
    ["a flow by name", "flow", "action/parameters", { flow_message_version: "3", flow_name: "a", flow_cta: "b" }],
    ["a flow's first screen alone", "flow", "action/parameters/flow_action_payload", { screen: "FIRST" }],
    ["a flow's data alone", "flow", "action/parameters/flow_action_payload", { data: { a: 1 } }],
    ["30 products in one section", "product_list", "action/sections", [{ product_items: items(30) }]],
    ["a catalog without a thumbnail", "catalog_message", "action/parameters", {}],
  ])("%s (%s)", (_, kind, pointer, value) => {
    expect(pointers(kind, pointer, value)).toEqual([]);
  });
});

describe("a problem of several fields is reported beside a problem of one of them", () => {
  const long = "x".repeat(30);
  const answer = (title: string) => ({ type: "reply", reply: { id: "1", title } });

  it.each<readonly [string, object, readonly string[]]>([
    [
      "buttons",
      {
        type: "button",
        body: { text: "a" },
        action: { buttons: [answer(long), answer("a"), { type: "reply" }, answer("a")] },
      },
      ["action/buttons", "action/buttons/0/reply/title", "action/buttons/2/reply", "action/buttons/3/reply/title"],
    ],
    [
      "sections",
      {
        type: "list",
        body: { text: "a" },
        action: {
          button: "a",
          sections: [{ rows: Array.from({ length: 11 }, () => ({ id: "1", title: "a" })) }, { rows: [5] }],
        },
      },
      ["action/sections", "action/sections/0/title", "action/sections/1/rows/0", "action/sections/1/title"],
    ],
    [
      "cards",
      { type: "carousel", body: { text: "" }, action: { cards: [{ card_index: 1 }, { card_index: 1, type: 5 }, 5] } },
      ["action/cards/1/card_index", "action/cards/1/type", "action/cards/2", "body/text"],
    ],
    [
      "the names of a flow",
      { type: "flow", body: { text: "a" }, action: { name: "flow", parameters: { flow_cta: long + "x" } } },
      ["action/parameters", "action/parameters/flow_cta", "action/parameters/flow_message_version"],
    ],
    [
      "the names of a file",
      { type: "cta_url", header: { type: "image", image: { caption: 5 } }, body: { text: "a" }, action: {} },
      ["action/name", "action/parameters", "header/image", "header/image/caption"],
    ],
  ])("%s", (_, object, pointers) => {
    expect(
      problemsIn("interactive", object)
        .map(([at]) => at)
        .toSorted(),
    ).toEqual(pointers);
  });
});
