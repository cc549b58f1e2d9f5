import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { actionNamed, answer, button, header } from "./interactive-parts.ts";
import {
  absent,
  all,
  badParameter,
  badValue,
  byKind,
  label,
  list,
  object,
  optional,
  type Rule,
  text,
  whole,
} from "./rules.ts";
import { recordsAt } from "../../json/records.ts";

type Card = Readonly<Record<string, unknown>>;

const cardText: Rule = all(label("Card body text", 160), (value, at) =>
  String(value).split("\n").length > 3 ? badValue(`${at} has more than 2 line breaks.`) : undefined,
);

/** Both names are in Meta's pages: `reply` as on other messages, and `quick_reply`. */
const cardButton = byKind("type", {
  quick_reply: object({ quick_reply: answer }),
  reply: object({ reply: answer }),
});
const other = absent("the card has buttons");
const linkAction = actionNamed("cta_url", button);
const replyAction = object({ buttons: list(cardButton, 1, Infinity), name: other, parameters: other });

const mediaCard = object({
  header: header(["image", "video"]),
  body: optional(object({ text: cardText })),
  action: (value, at) => (isRecord(value) && value["buttons"] !== undefined ? replyAction : linkAction)(value, at),
});

const productCard = object({ action: object({ catalog_id: text(), product_retailer_id: text() }) });

const cardOfKind = byKind("type", { cta_url: mediaCard, product: productCard });

const card: Rule = all(object({ card_index: whole(0, 9) }), (value, at) =>
  isRecord(value) && value["type"] === undefined ? undefined : cardOfKind(value, at),
);

/** Two to ten cards; those whose kind is known here are all of one make. */
export const carousel: Rule = object({
  action: all(object({ cards: list(card, 2, 10) }), (action, at) =>
    uniform(recordsAt(action, "cards"), `${at}['cards']`),
  ),
});

function uniform(cards: readonly Card[], at: string): GraphError | undefined {
  if (new Set(cards.map((one) => Number(one["card_index"]))).size < cards.length) {
    return badValue(`${at} must each have a card_index of their own.`);
  }
  const makes = cards.map(makeOf).filter((make) => make !== undefined);
  return new Set(makes).size > 1
    ? badParameter(`Param ${at} must all have the same header and the same buttons.`)
    : undefined;
}

function makeOf(one: Card): string | undefined {
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
