import { isRecord } from "../fault-match.ts";
import type { GraphError } from "../graph-error.ts";
import { actionNamed, button, header, reply } from "./interactive-parts.ts";
import {
  all,
  badParameter,
  badValue,
  label,
  list,
  number,
  object,
  oneOf,
  optional,
  recordsAt,
  type Rule,
  text,
} from "./rules.ts";

type Card = Readonly<Record<string, unknown>>;

const cardText: Rule = all(label("Card body text", 160), (value, at) =>
  String(value).split("\n").length > 3 ? badValue(`${at} has more than 2 line breaks.`) : undefined,
);
const cardIndex = number(0, 9);

const linkAction = actionNamed("cta_url", button);
const replyAction = object({ buttons: list(quickReply, 1, 2) });

const mediaCard = object({
  card_index: cardIndex,
  type: oneOf(["cta_url", "button"]),
  header: all(object(), header(["image", "video"])),
  body: optional(object({ text: cardText })),
  action: (value, at) => (isRecord(value) && value["buttons"] !== undefined ? replyAction : linkAction)(value, at),
});

const productCard = object({
  card_index: cardIndex,
  type: oneOf(["product"]),
  action: object({ catalog_id: text(), product_retailer_id: text() }),
});

const card: Rule = (value, at) => (isProduct(value) ? productCard : mediaCard)(value, at);

/** Two to ten cards that are all of one make. */
export const carousel: Rule = object({
  action: all(object({ cards: list(card, 2, 10) }), (action, at) =>
    uniform(recordsAt(action, "cards"), `${at}['cards']`),
  ),
});

function uniform(cards: readonly Card[], at: string): GraphError | undefined {
  if (new Set(cards.map((one) => Number(one["card_index"]))).size < cards.length) {
    return badValue(`${at} must each have a card_index of their own.`);
  }
  return new Set(cards.map(makeOf)).size > 1
    ? badParameter(`Param ${at} must all have the same header and the same buttons.`)
    : undefined;
}

function makeOf(one: Card): string {
  const action = isRecord(one["action"]) ? one["action"] : {};
  if (isProduct(one)) return `product of ${String(action["catalog_id"])}`;
  const kind = isRecord(one["header"]) ? String(one["header"]["type"]) : "none";
  return `${kind} with ${String(action["name"])} and ${recordsAt(action, "buttons").length}`;
}

function isProduct(value: unknown): boolean {
  return isRecord(value) && value["type"] === "product";
}

/** Both names are in Meta's pages: `reply` as on other messages, and `quick_reply`. */
function quickReply(value: unknown, at: string): GraphError | undefined {
  if (!isRecord(value) || value["type"] !== "quick_reply") return reply(value, at);
  return object({ quick_reply: object({ id: label("Button id", 256), title: label("Button title", 20) }) })(value, at);
}
