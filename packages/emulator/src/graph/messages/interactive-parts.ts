import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { document, image, video } from "./media-objects.ts";
import { all, badValue, distinct, byKind, label, list, object, oneOf, pattern, type Rule } from "./rules.ts";
import { recordsAt } from "../../json/records.ts";

const headers: Readonly<Record<string, Rule>> = { text: label("Header text", 60), image, video, document };

/** A header of one of these types, or of one that is not known here. */
export function header(types: readonly string[]): Rule {
  const rules = Object.entries(headers).map(([type, rule]): [string, Rule] => [
    type,
    types.includes(type) ? object({ [type]: rule }) : object({ type: oneOf(types) }),
  ]);
  return byKind("type", Object.fromEntries(rules));
}

/** The button of a link: what it says, and where it leads. */
export const button = object({
  display_text: label("Button title", 20),
  url: pattern(/^https?:\/\/\S+$/i, "a valid URI"),
});

export function actionNamed(name: string, parameters?: Rule): Rule {
  return object({ name: oneOf([name]), ...(parameters && { parameters }) });
}

const id: Rule = all(label("Button id", 256), (value, at) =>
  String(value).trim() === value ? undefined : badValue(`${at} has leading or trailing spaces.`),
);

/** What a tap on a button answers. */
export const answer = object({ id, title: label("Button title", 20) });

const kinds = { reply: object({ reply: answer }), cta_url: object({ cta_url: button }) };

/** Up to three that answer; with others among them it is Direct Send's: up to ten, two of them links, which come first. */
export const replyButtons: Rule = (value, at) => {
  const buttons = recordsAt({ value }, "value");
  const most = buttons.every((one) => isOf(one, "reply")) ? 3 : 10;
  return list(byKind("type", kinds), 1, most)(value, at) ?? linksFirst(buttons, at) ?? distinctTitles(buttons);
};

type Button = Readonly<Record<string, unknown>>;

function isOf({ type }: Button, kind: string): boolean {
  return String(type).toLowerCase() === kind;
}

function linksFirst(buttons: readonly Button[], at: string): GraphError | undefined {
  const links = buttons.filter((one) => isOf(one, "cta_url")).length;
  if (links > 2) return badValue(`${at} has more than 2 buttons of type cta_url.`);
  return buttons.slice(0, links).every((one) => isOf(one, "cta_url"))
    ? undefined
    : badValue(`${at} must list its cta_url buttons first.`);
}

function distinctTitles(buttons: readonly Button[]): GraphError | undefined {
  const replies = buttons.filter((one) => isOf(one, "reply"));
  return distinct(
    "button title",
    replies.map(({ reply }) => isRecord(reply) && reply["title"]),
  );
}
