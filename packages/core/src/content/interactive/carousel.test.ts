import { describe, expect, it } from "vitest";

import { changed, interactive, problemsIn } from "../../../test/contents.ts";

type Kind = "carousel" | "carousel of replies" | "carousel of products";

const pointers = (kind: Kind, pointer: string, value: unknown) =>
  problemsIn("interactive", changed<unknown>(interactive[kind], pointer, value)).map(([at]) => at);

const { cards } = interactive.carousel.action;
const replyCards = interactive["carousel of replies"].action.cards;
const [firstCard] = cards;
const button = (name: string) => ({ type: "reply", reply: { id: name, title: name } });
const entry = { id: "id", title: "title" };

const refused: readonly (readonly [why: string, kind: Kind, pointer: string, value: unknown, at?: string])[] = [
  ["a header above a carousel", "carousel", "header", { type: "text", text: "Header" }],
  ["a footer below a carousel", "carousel", "footer", { text: "Footer" }],
  ["one card", "carousel", "action/cards", [firstCard]],
  [
    "eleven cards",
    "carousel",
    "action/cards",
    Array.from({ length: 11 }, (_, at) => ({ ...firstCard, card_index: at % 10 })),
  ],
  ["a card_index of 10", "carousel", "action/cards/0/card_index", 10],
  ["a card_index of −1", "carousel", "action/cards/0/card_index", -1],
  ["a fractional card_index", "carousel", "action/cards/0/card_index", 0.5],
  ["a card_index of ten in digits", "carousel", "action/cards/0/card_index", "10"],
  ["a card_index that is a word", "carousel", "action/cards/0/card_index", "first"],
  ["a card_index that is blank", "carousel", "action/cards/0/card_index", " "],
  ["a card_index twice, once in digits", "carousel", "action/cards/2/card_index", "0"],
  ["a card_index twice", "carousel", "action/cards/2/card_index", 0],
  [
    "a card of a new kind with a card_index of 10",
    "carousel",
    "action/cards/0",
    { card_index: 10, type: "new" },
    "action/cards/0/card_index",
  ],
  ["a card without a kind and a card_index", "carousel", "action/cards/0", {}, "action/cards/0/card_index"],
  ["a kind of card that is a number", "carousel", "action/cards/0/type", 5],
  [
    "a text header on a card",
    "carousel",
    "action/cards/0/header",
    { type: "text", text: "a" },
    "action/cards/0/header/type",
  ],
  [
    "another kind of header",
    "carousel",
    "action/cards/2/header",
    { type: "video", video: { id: "1" } },
    "action/cards/2/header/type",
  ],
  ["three line breaks on a card", "carousel", "action/cards/1/body/text", "a\nb\nc\nd"],
  [
    "buttons beside a URL",
    "carousel",
    "action/cards/0/action/buttons",
    [{ type: "quick_reply", quick_reply: entry }],
    "action/cards/0/action",
  ],
  ["neither buttons nor a URL", "carousel", "action/cards/0/action", {}],
  ["a URL without its name", "carousel", "action/cards/0/action/name", undefined, "action/cards/0/action"],
  ["another name of a card's action", "carousel", "action/cards/0/action/name", "open"],
  ["a name beside buttons", "carousel of replies", "action/cards/0/action/name", "cta_url", "action/cards/0/action"],
  [
    "parameters beside buttons",
    "carousel of replies",
    "action/cards/0/action/parameters",
    firstCard?.action.parameters,
    "action/cards/0/action",
  ],
  ["a product with a card_index of 10", "carousel of products", "action/cards/0/card_index", 10],
  ["a product that is a number", "carousel of products", "action/cards/0/action/product_retailer_id", 5],
  ["other buttons", "carousel", "action/cards/1/action", { buttons: [{ type: "quick_reply", quick_reply: entry }] }],
  [
    "fewer buttons",
    "carousel of replies",
    "action/cards/1/action/buttons",
    [{ type: "quick_reply", quick_reply: entry }],
    "action/cards/1/action",
  ],
  ["no button on a card", "carousel of replies", "action/cards/0/action/buttons", []],
  ["another catalog", "carousel of products", "action/cards/1/action/catalog_id", "2"],
  [
    "another kind of card",
    "carousel of products",
    "action/cards/1",
    { ...firstCard, card_index: 1 },
    "action/cards/1/type",
  ],
];

describe("a carousel is rejected with", () => {
  const rows = refused.map(([why, kind, pointer, value, at = pointer]) => [why, kind, pointer, value, at] as const);

  it.each(rows)("%s (%s)", (_, kind, pointer, value, at) => {
    const found = pointers(kind, pointer, value);
    expect(new Set(found)).toContain(at);
    expect(found.every((place) => place.startsWith(at))).toBe(true);
  });
});

describe("a carousel is accepted with", () => {
  it.each<readonly [string, Kind, string, unknown]>([
    [
      "cards of a kind that is new",
      "carousel",
      "action/cards",
      cards.map((card) => ({ ...card, type: "button", header: 5 })),
    ],
    ["cards without a kind", "carousel", "action/cards", cards.map(({ card_index }) => ({ card_index }))],
    ["a card of a kind that is new beside others", "carousel", "action/cards/1", { card_index: 1, type: "new" }],
    [
      "a kind of header on cards that is new",
      "carousel",
      "action/cards",
      cards.map((card) => ({ ...card, header: { type: "gif", gif: 5 } })),
    ],
    ["a card_index in digits", "carousel", "action/cards/0/card_index", "9"],
    [
      "a kind of button on cards that is new",
      "carousel of replies",
      "action/cards",
      replyCards.map((card) => ({ ...card, action: { buttons: [{ type: "new" }] } })),
    ],
    [
      "answers on cards",
      "carousel of replies",
      "action/cards",
      replyCards.map((card) => ({ ...card, action: { buttons: [button("a")] } })),
    ],
    ["a card without a body", "carousel", "action/cards/0/body", undefined],
    ["two cards", "carousel", "action/cards", cards.slice(0, 2)],
    [
      "ten cards",
      "carousel",
      "action/cards",
      Array.from({ length: 10 }, (_, at) => ({ ...firstCard, card_index: 9 - at })),
    ],
  ])("%s (%s)", (_, kind, pointer, value) => {
    expect(pointers(kind, pointer, value)).toEqual([]);
  });
});
