import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { contacts } from "./contacts.ts";
import { interactive } from "./interactive.ts";
import { locationObject } from "./location.ts";
import { audioObject, documentObject, imageObject, stickerObject, videoObject } from "./media-objects.ts";
import {
  badParameter,
  badValue,
  boolean,
  nonEmptyText,
  object,
  oneOf,
  optional,
  orRequired,
  required,
  type Rule,
  text,
} from "./rules.ts";
import { template } from "./template.ts";

/** The rule of each message type. */
const types: Readonly<Record<string, Rule>> = {
  text: orRequired(object({ body: orRequired(nonEmptyText(4096)), preview_url: optional(boolean) })),
  image: imageObject,
  video: videoObject,
  audio: audioObject,
  document: documentObject,
  sticker: stickerObject,
  location: locationObject,
  contacts,
  reaction: object({ message_id: nonEmptyText(), emoji: emojiOrEmpty }),
  interactive,
  template,
};

/** @internal The coverage matrix lists them. */
export const supportedMessageTypes: readonly string[] = Object.keys(types);

const envelope = object({
  recipient_type: optional(oneOf(["individual", "group"])),
  type: optional(nonEmptyText()),
  context: optional(object({ message_id: nonEmptyText() })),
  biz_opaque_callback_data: optional(text(512)),
});

/** Checks the body of a send by itself, whoever sends it and whoever receives it. */
export function checkMessage(body: unknown): GraphError | undefined {
  return checkProduct(body) ?? checkRecipient(body) ?? envelope(body, "") ?? checkContent(body);
}

/** The message's type. Default: text. */
export function typeOf(body: Readonly<Record<string, unknown>>): string {
  return typeof body["type"] === "string" ? body["type"] : "text";
}

/** Checks what every body needs, messages and read receipts alike. */
export function checkProduct(body: unknown): GraphError | undefined {
  if (!isRecord(body) || Array.isArray(body)) return { code: 100, message: "The request body is not valid JSON" };
  const { messaging_product: product } = body;
  if (product === "whatsapp") return undefined;
  if (product === undefined) return required("messaging_product");
  return badParameter(`Param messaging_product must be one of {WHATSAPP} - got ${JSON.stringify(product)}.`);
}

function checkRecipient(body: unknown): GraphError | undefined {
  const { to, recipient, recipient_type: kind } = body as Readonly<Record<string, unknown>>;
  if (isNonEmpty(to) && kind === "group") return undefined;
  if (isNonEmpty(to)) return /\d/.test(to) ? undefined : badValue("Parameter to is not a phone number.");
  if (!isNonEmpty(recipient)) return required("to");
  return /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(recipient)
    ? undefined
    : badValue("Parameter recipient is not a business-scoped user id.");
}

function checkContent(body: unknown): GraphError | undefined {
  const content = body as Readonly<Record<string, unknown>>;
  const type = typeOf(content);
  const rule = Object.hasOwn(types, type) ? types[type] : undefined;
  if (!rule) return { code: 131051, details: `Message type ${JSON.stringify(type)} is not supported.` };
  return rule(content[type], type);
}

export function isNonEmpty(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** An empty emoji removes the reaction. */
function emojiOrEmpty(value: unknown, at: string): GraphError | undefined {
  if (value === "") return undefined;
  return (
    nonEmptyText()(value, at) ??
    (/\p{Extended_Pictographic}|\p{Emoji_Presentation}|\u20e3/u.test(String(value))
      ? undefined
      : badValue(`${at} is not an emoji.`))
  );
}
