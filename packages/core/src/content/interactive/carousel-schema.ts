import { z } from "zod";

import { besideOthers, elementsOf, fieldsOf, reportDifferences, reportRepeats } from "../cross-field.ts";
import { body, ctaUrlParameters, headerOf, nothing, reply } from "./frame.ts";
import { knownOrOther } from "../open-union.ts";
import { wholeNumber } from "../whole-number.ts";
import { words } from "../plain-text.ts";

export const cardIndex = wholeNumber(0, 9);

const cardBody = body(160).refine(({ text }) => text.split("\n").length <= 3, {
  error: "has more than two line breaks",
  path: ["text"],
});

/** Meta's pages have both names. */
const button = knownOrOther("type", {
  quick_reply: z.looseObject({ quick_reply: reply }),
  reply: z.looseObject({ reply }),
});

const cardAction = z
  .looseObject({
    name: z.literal("cta_url").optional(),
    parameters: ctaUrlParameters.optional(),
    buttons: z.array(button).min(1, { abort: true }).optional(),
  })
  .refine(({ name, parameters, buttons }) => (buttons ? !name && !parameters : name && parameters), {
    error: "needs either buttons or the name and parameters of a cta_url",
    abort: true,
  });

const mediaCard = z.looseObject({
  header: headerOf("image", "video"),
  body: cardBody.optional(),
  action: cardAction,
});

const productCard = z.looseObject({
  action: z.looseObject({ product_retailer_id: words(), catalog_id: words() }),
});

const card = knownOrOther(
  "type",
  { cta_url: mediaCard, product: productCard },
  { card_index: cardIndex, type: z.string().optional() },
);
type Card = Readonly<Record<string, unknown>>;

/** What must be the same on each card of a kind that is known. */
const alike: readonly (readonly [path: readonly string[], of: (card: Card) => unknown])[] = [
  [["type"], kindOf],
  [["header", "type"], (card) => kindOf(card) === "cta_url" && (card["header"] as { type: string }).type],
  [["action", "catalog_id"], (card) => kindOf(card) === "product" && actionOf(card)["catalog_id"]],
  [["action"], (card) => kindOf(card) === "cta_url" && (actionOf(card)["buttons"] as unknown[] | undefined)?.length],
];

const cards = z
  .array(card)
  .min(2)
  .max(10)
  .superRefine((given, context) => {
    const indexes = elementsOf(given).map((each, at) => ({
      path: [at, "card_index"],
      value: Number(fieldsOf(each)["card_index"] ?? Number.NaN),
    }));
    const known = indexes.filter(({ value }) => !Number.isNaN(value));
    reportRepeats(known, context, "is the card_index of another card too");
  }, besideOthers)
  .superRefine((given, context) => {
    const known = [...given.entries()].filter(([, each]) => ["cta_url", "product"].includes(kindOf(each)));
    for (const [path, of] of alike) {
      const values = known.map(([at, each]) => ({ path: [at, ...path], value: of(each) }));
      if (reportDifferences(values, context, "is not as on the first card")) return;
    }
  });

function kindOf({ type }: Card): string {
  return String(type).toLowerCase();
}

function actionOf(card: Card): Card {
  return card["action"] as Card;
}

/** Meta's `interactive` of type `carousel`. */
export const carousel = z.looseObject({
  header: nothing,
  body: body(1024),
  footer: nothing,
  action: z.looseObject({ cards }),
});
