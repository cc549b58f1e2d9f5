import { isRecord } from "../fault-match.ts";
import type { GraphError } from "../graph-error.ts";
import { document, image, video } from "./media-objects.ts";
import {
  all,
  badValue,
  distinct,
  label,
  list,
  object,
  oneOf,
  optional,
  pattern,
  recordsAt,
  type Rule,
} from "./rules.ts";

const headers: Readonly<Record<string, Rule>> = { text: label("Header text", 60), image, video, document };

/** A header of one of these types, or none. */
export function header(types: readonly string[]): Rule {
  return optional(
    all(object({ type: oneOf(types) }), (value, at) => {
      const { type, ...rest } = value as Readonly<Record<string, unknown>>;
      return headers[String(type)]?.(rest[String(type)], `${at}['${String(type)}']`);
    }),
  );
}

/** The button of a link: what it says, and where it leads. */
export const button = object({
  display_text: label("Button title", 20),
  url: pattern(/^https?:\/\/\S+$/i, "a valid URI"),
});

export function actionNamed(name: string, parameters?: Rule): Rule {
  return object({ name: oneOf([name]), ...(parameters && { parameters }) });
}

export const reply = object({
  type: oneOf(["reply"]),
  reply: object({ id: label("Button id", 256), title: label("Button title", 20) }),
});

const cta = object({ type: oneOf(["cta_url"]), cta_url: button });

/** Up to three that answer; with links among them, which come first, it is Direct Send's: up to ten, two of them links. */
export const replyButtons: Rule = (value, at) => {
  if (!Array.isArray(value)) return list(reply, 1, 3)(value, at);
  const links = value.filter(isCta).length;
  if (links === 0) return list(reply, 1, 3)(value, at) ?? distinctTitles(value);
  if (links > 2) return badValue(`${at} has more than 2 buttons of type cta_url.`);
  if (!value.slice(0, links).every(isCta)) return badValue(`${at} must list its cta_url buttons first.`);
  return list((one, here) => (isCta(one) ? cta : reply)(one, here), 1, 10)(value, at);
};

function isCta(value: unknown): boolean {
  return isRecord(value) && value["type"] === "cta_url";
}

function distinctTitles(buttons: readonly unknown[]): GraphError | undefined {
  const titles = recordsAt({ buttons }, "buttons").map((one) => isRecord(one["reply"]) && one["reply"]["title"]);
  return distinct("button title", titles);
}
