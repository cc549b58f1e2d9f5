import { z } from "zod";

import { reportDifferences, reportRepeats } from "./distinct.ts";
import { body, ctaUrlParameters, imageHeader, nothing, reply, videoHeader } from "./interactive-parts.ts";
import { words } from "./words.ts";

/** Unique among the cards. */
export const cardIndex = z.int().min(0).max(9);

const cardBody = body(160).refine(({ text }) => text.split("\n").length <= 3, {
  error: "has more than two line breaks",
  path: ["text"],
});

const quickReply = z.looseObject({ type: z.literal("quick_reply"), quick_reply: reply });

const cardAction = z
  .looseObject({
    name: z.literal("cta_url").optional(),
    parameters: ctaUrlParameters.optional(),
    buttons: z.array(quickReply).min(1, { abort: true }).optional(),
  })
  .refine(({ name, parameters, buttons }) => (buttons ? !name && !parameters : name && parameters), {
    error: "needs either buttons or the name and parameters of a cta_url",
    abort: true,
  });

const mediaCard = z.looseObject({
  card_index: cardIndex,
  type: z.literal("cta_url"),
  header: z.discriminatedUnion("type", [imageHeader, videoHeader]),
  body: cardBody.optional(),
  action: cardAction,
});

const productCard = z.looseObject({
  card_index: cardIndex,
  type: z.literal("product"),
  action: z.looseObject({ product_retailer_id: words(), catalog_id: words() }),
});

const card = z.discriminatedUnion("type", [mediaCard, productCard]);
type Card = z.infer<typeof card>;

/** What must be the same on each card. */
const alike: readonly (readonly [path: readonly string[], of: (card: Card) => unknown])[] = [
  [["type"], ({ type }) => type],
  [["header", "type"], (card) => card.type === "cta_url" && card.header.type],
  [["action", "catalog_id"], (card) => card.type === "product" && card.action.catalog_id],
  [["action"], (card) => card.type === "cta_url" && card.action.buttons?.length],
];

const cards = z
  .array(card)
  .min(2)
  .max(10)
  .superRefine((given, context) => {
    const indexes = given.map(({ card_index }, at) => ({ path: [at, "card_index"], value: card_index }));
    reportRepeats(indexes, context, "is the card_index of another card too");
    for (const [path, of] of alike) {
      const values = given.map((each, at) => ({ path: [at, ...path], value: of(each) }));
      if (reportDifferences(values, context, "is not as on the first card")) return;
    }
  });

/** Meta's `interactive` of type `carousel`. */
export const carousel = z.looseObject({
  header: nothing,
  body: body(1024),
  footer: nothing,
  action: z.looseObject({ cards }),
});
