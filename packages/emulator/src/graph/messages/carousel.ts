import { isRecord, recordsAt } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { actionNamed, header, linkButton, replyContent } from "./interactive-parts.ts";
import {
  allOf,
  array,
  badParameter,
  badValue,
  byType,
  integer,
  nonEmptyLabel,
  nonEmptyText,
  notAllowed,
  object,
  optional,
  type Rule,
} from "./rules.ts";

type Card = Readonly<Record<string, unknown>>;

const cardText: Rule = allOf(nonEmptyLabel("Card body text", 160), (value, at) =>
  String(value).split("\n").length > 3 ? badValue(`${at} has more than 2 line breaks.`) : undefined,
);

/** Meta's documentation uses both names: `reply`, as on other messages, and `quick_reply`. */
const cardButton = byType("type", {
  quick_reply: object({ quick_reply: replyContent }),
  reply: object({ reply: replyContent }),
});
const other = notAllowed("the card has buttons");
const linkAction = actionNamed("cta_url", linkButton);
const replyAction = object({ buttons: array(cardButton, 1, Infinity), name: other, parameters: other });

const mediaCard = object({
  header: header(["image", "video"]),
  body: optional(object({ text: cardText })),
  action: (value, at) => (isRecord(value) && value["buttons"] !== undefined ? replyAction : linkAction)(value, at),
});

const productCard = object({ action: object({ catalog_id: nonEmptyText(), product_retailer_id: nonEmptyText() }) });

const cardOfType = byType("type", { cta_url: mediaCard, product: productCard });

const card: Rule = allOf(object({ card_index: integer(0, 9) }), (value, at) =>
  isRecord(value) && value["type"] === undefined ? undefined : cardOfType(value, at),
);

/** Two to ten cards. Those of a known type must all have the same shape. */
export const carousel: Rule = object({
  action: allOf(object({ cards: array(card, 2, 10) }), (action, at) =>
    checkUniform(recordsAt(action, "cards"), `${at}['cards']`),
  ),
});

function checkUniform(cards: readonly Card[], at: string): GraphError | undefined {
  if (new Set(cards.map((one) => Number(one["card_index"]))).size < cards.length) {
    return badValue(`${at} must have distinct card_index values.`);
  }
  const shapes = cards.map(shapeOf).filter((shape) => shape !== undefined);
  return new Set(shapes).size > 1
    ? badParameter(`Param ${at} must all have the same header and the same buttons.`)
    : undefined;
}

function shapeOf(one: Card): string | undefined {
  const action = isRecord(one["action"]) ? one["action"] : {};
  switch (String(one["type"]).toLowerCase()) {
    case "product":
      return `product of ${String(action["catalog_id"])}`;
    case "cta_url": {
      const kind = isRecord(one["header"]) ? String(one["header"]["type"]) : "none";
      return `${kind} with ${String(action["name"])} and ${recordsAt(action, "buttons").length}`;
    }
    default:
      return undefined;
  }
}
