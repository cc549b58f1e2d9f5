import { isRecord, recordsAt } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { documentObject, imageObject, videoObject } from "./media-objects.ts";
import {
  allOf,
  array,
  badValue,
  byType,
  checkDistinct,
  nonEmptyLabel,
  object,
  oneOf,
  pattern,
  type Rule,
} from "./rules.ts";

const headers: Readonly<Record<string, Rule>> = {
  text: nonEmptyLabel("Header text", 60),
  image: imageObject,
  video: videoObject,
  document: documentObject,
};

/** A header of one of these types, or of an unknown type. */
export function header(types: readonly string[]): Rule {
  const rules = Object.entries(headers).map(([type, rule]): [string, Rule] => [
    type,
    types.includes(type) ? object({ [type]: rule }) : object({ type: oneOf(types) }),
  ]);
  return byType("type", Object.fromEntries(rules));
}

/** A button that opens a link. */
export const linkButton = object({
  display_text: nonEmptyLabel("Button title", 20),
  url: pattern(/^https?:\/\/\S+$/i, "a valid URI"),
});

export function actionNamed(name: string, parameters?: Rule): Rule {
  return object({ name: oneOf([name]), ...(parameters && { parameters }) });
}

const id: Rule = allOf(nonEmptyLabel("Button id", 256), (value, at) =>
  String(value).trim() === value ? undefined : badValue(`${at} has leading or trailing spaces.`),
);

/** The reply that a tap on a button sends. */
export const replyContent = object({ id, title: nonEmptyLabel("Button title", 20) });

const kinds = { reply: object({ reply: replyContent }), cta_url: object({ cta_url: linkButton }) };

/** Up to three reply buttons. With Direct Send, up to ten buttons, of which the first two may be links. */
export const replyButtons: Rule = (value, at) => {
  const buttons = recordsAt({ value }, "value");
  const most = buttons.every((one) => isOf(one, "reply")) ? 3 : 10;
  return array(byType("type", kinds), 1, most)(value, at) ?? linksFirst(buttons, at) ?? distinctTitles(buttons);
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
  return checkDistinct(
    "button title",
    replies.map(({ reply }) => isRecord(reply) && reply["title"]),
  );
}
