import { z } from "zod";

import { alwaysRun, elementsOf, fieldsOf, reportDifferences, reportDuplicates } from "../cross-field.ts";
import { once } from "../once.ts";
import { openUnion } from "../open-union.ts";
import { visibleText } from "../plain-text.ts";
import { wholeNumber } from "../whole-number.ts";
import { type CtaUrlParameters, ctaUrlParametersSchema } from "./cta-url.ts";
import {
  type Body,
  bodySchema,
  type Header,
  headerSchemaOf,
  interactiveContent,
  type InteractiveContent,
  notAllowed,
} from "./frame.ts";
import { type Reply, type ReplyButton, replySchema } from "./reply-buttons.ts";

/**
 * 2–10 cards side by side, all of one kind. The message itself has neither header nor footer. A kind of card that is newer
 * than this list is accepted too; it needs a cast.
 */
export interface Carousel {
  readonly type: "carousel";
  readonly body: Body;
  readonly action: { readonly cards: readonly MediaCard[] | readonly ProductCard[] };
}

/** An image or a video with a text and buttons. All cards have the same kind of header, and the same kind and number of buttons. */
export interface MediaCard {
  /** 0–9, unique. */
  readonly card_index: number | string;
  readonly type: "cta_url";
  readonly header: Extract<Header, { readonly type: "image" | "video" }>;
  /** Up to 160 characters and two line breaks. */
  readonly body?: Body;
  readonly action:
    | { readonly name: "cta_url"; readonly parameters: CtaUrlParameters }
    | { readonly buttons: readonly (QuickReplyButton | ReplyButton)[] };
}

/** A reply button of a card. */
export interface QuickReplyButton {
  readonly type: "quick_reply";
  readonly quick_reply: Reply;
}

/** A product. All cards name the same catalog. */
export interface ProductCard {
  /** 0–9, unique. */
  readonly card_index: number | string;
  readonly type: "product";
  readonly action: { readonly product_retailer_id: string; readonly catalog_id: string };
}

const cardIndex = once(() => wholeNumber(0, 9));

const cardBody = once(() =>
  bodySchema(160).refine(({ text }) => text.split("\n").length <= 3, {
    error: "has more than two line breaks",
    path: ["text"],
  }),
);

/** Meta's documentation uses both names. */
const button = once(() =>
  openUnion("type", {
    quick_reply: z.looseObject({ quick_reply: replySchema() }),
    reply: z.looseObject({ reply: replySchema() }),
  }),
);

const cardAction = once(() =>
  z
    .looseObject({
      name: z.literal("cta_url").optional(),
      parameters: ctaUrlParametersSchema().optional(),
      buttons: z.array(button()).min(1, { abort: true }).optional(),
    })
    .refine(({ name, parameters, buttons }) => (buttons ? !name && !parameters : name && parameters), {
      error: "must have either buttons or the name and parameters of a cta_url",
      abort: true,
    }),
);

const mediaCard = once(() =>
  z.looseObject({
    header: headerSchemaOf("image", "video"),
    body: cardBody().optional(),
    action: cardAction(),
  }),
);

const productCard = once(() =>
  z.looseObject({
    action: z.looseObject({ product_retailer_id: visibleText(), catalog_id: visibleText() }),
  }),
);

const card = once(() =>
  openUnion(
    "type",
    { cta_url: mediaCard(), product: productCard() },
    { card_index: cardIndex(), type: z.string().optional() },
  ),
);
type Card = Readonly<Record<string, unknown>>;

/** What must be the same on all cards of a known kind. */
const alike: readonly (readonly [path: readonly string[], of: (card: Card) => unknown])[] = [
  [["type"], kindOf],
  [["header", "type"], (card) => kindOf(card) === "cta_url" && (card["header"] as { type: string }).type],
  [["action", "catalog_id"], (card) => kindOf(card) === "product" && actionOf(card)["catalog_id"]],
  [["action"], (card) => kindOf(card) === "cta_url" && (actionOf(card)["buttons"] as unknown[] | undefined)?.length],
];

const cardsSchema = once(() =>
  z
    .array(card())
    .min(2)
    .max(10)
    .superRefine((given, context) => {
      const indexes = elementsOf(given).map((each, at) => ({
        path: [at, "card_index"],
        value: Number(fieldsOf(each)["card_index"] ?? Number.NaN),
      }));
      const known = indexes.filter(({ value }) => !Number.isNaN(value));
      reportDuplicates(known, context, "is also the card_index of another card");
    }, alwaysRun)
    .superRefine((given, context) => {
      const known = [...given.entries()].filter(([, each]) => ["cta_url", "product"].includes(kindOf(each)));
      for (const [path, of] of alike) {
        const values = known.map(([at, each]) => ({ path: [at, ...path], value: of(each) }));
        if (reportDifferences(values, context, "differs from the first card")) return;
      }
    }),
);

function kindOf({ type }: Card): string {
  return String(type).toLowerCase();
}

function actionOf(card: Card): Card {
  return card["action"] as Card;
}

/** @internal */
export const carouselSchema = once(() =>
  z.looseObject({
    header: notAllowed(),
    body: bodySchema(1024),
    footer: notAllowed(),
    action: z.looseObject({ cards: cardsSchema() }),
  }),
);

/** 2–10 cards side by side. Each `card_index` is the position of the card. */
export function carousel(
  body: string,
  cards: readonly Omit<MediaCard, "card_index">[] | readonly Omit<ProductCard, "card_index">[],
): InteractiveContent<Carousel> {
  const indexed = cards.map((card, index) => ({ card_index: index, ...card })) as MediaCard[] | ProductCard[];
  return interactiveContent({ type: "carousel", body: { text: body }, action: { cards: indexed } });
}
