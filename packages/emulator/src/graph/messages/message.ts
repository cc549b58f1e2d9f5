import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { contacts } from "./contacts.ts";
import { interactive } from "./interactive.ts";
import { location } from "./location.ts";
import { audio, document, image, sticker, video } from "./media-objects.ts";
import { badParameter, badValue, flag, missing, object, oneOf, optional, type Rule, text } from "./rules.ts";
import { template } from "./template.ts";

/** What each type of message is made of. */
const types: Readonly<Record<string, Rule>> = {
  text: object({ body: text(4096), preview_url: optional(flag) }),
  image,
  video,
  audio,
  document,
  sticker,
  location,
  contacts,
  reaction: object({ message_id: text(), emoji: emojiOrNone }),
  interactive,
  template,
};

export const supportedMessageTypes: readonly string[] = Object.keys(types);

const envelope = object({
  recipient_type: optional(oneOf(["individual", "group"])),
  type: optional(text()),
  context: optional(object({ message_id: text() })),
  biz_opaque_callback_data: optional(dataOrNone),
});

/** Why Meta would refuse the body of a send, whoever sends it to whomever. */
export function refusalOfMessage(body: unknown): GraphError | undefined {
  return refusalOfProduct(body) ?? refusalOfRecipient(body) ?? envelope(body, "") ?? refusalOfContent(body);
}

/** The type that stands in a body; without one it is a text. */
export function typeOf(body: Readonly<Record<string, unknown>>): string {
  return typeof body["type"] === "string" ? body["type"] : "text";
}

/** What every body needs, be it a message or a receipt. */
export function refusalOfProduct(body: unknown): GraphError | undefined {
  if (!isRecord(body) || Array.isArray(body)) return { code: 100, message: "The request body is not valid JSON" };
  const { messaging_product: product } = body;
  if (product === "whatsapp") return undefined;
  if (product === undefined) return badParameter("The parameter messaging_product is required.");
  return badParameter(`Param messaging_product must be one of {WHATSAPP} - got ${JSON.stringify(product)}.`);
}

function refusalOfRecipient(body: unknown): GraphError | undefined {
  const { to, recipient } = body as Readonly<Record<string, unknown>>;
  if (isFilled(to)) return /\d/.test(to) ? undefined : badValue("Parameter to is not a phone number.");
  if (!isFilled(recipient)) return missing("to");
  return /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(recipient)
    ? undefined
    : badValue("Parameter recipient is not a business-scoped user id.");
}

function refusalOfContent(body: unknown): GraphError | undefined {
  const content = body as Readonly<Record<string, unknown>>;
  const type = typeOf(content);
  const rule = Object.hasOwn(types, type) ? types[type] : undefined;
  if (!rule) return { code: 131051, details: `Message type ${JSON.stringify(type)} is not supported.` };
  return rule(content[type], type);
}

export function isFilled(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** An empty one takes the reaction back. */
function emojiOrNone(value: unknown, at: string): GraphError | undefined {
  if (value === "") return undefined;
  return (
    text()(value, at) ??
    (/\p{Extended_Pictographic}|\p{Emoji_Presentation}|\u20e3/u.test(String(value))
      ? undefined
      : badValue(`${at} is not an emoji.`))
  );
}

function dataOrNone(value: unknown, at: string): GraphError | undefined {
  return value === "" ? undefined : text(512)(value, at);
}
