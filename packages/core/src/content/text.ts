import { z } from "zod";

import { once } from "./once.ts";
import { isVisibleText, visibleText } from "./plain-text.ts";

/** Meta's text object. */
export interface Text {
  /** 1–4,096 Unicode code points. */
  readonly body: string;
  /** Whether WhatsApp shows a preview of the first link in the body. */
  readonly preview_url?: boolean;
}

/** The content of a text message. */
export interface TextContent {
  readonly type: "text";
  readonly text: Text;
}

/** Meta: "body: 1 to 4096 characters". */
const maxLength = 4096;

/** @internal */
export const textSchema = once(() =>
  z.looseObject({ body: visibleText(maxLength), preview_url: z.boolean().optional() }),
);

/**
 * The text of an object that has a valid `body` and nothing else, with `\r\n` as `\n`. Most messages are such texts, and the
 * schema costs ten times as much. Undefined if the object may be anything else: the schema decides then.
 */
export function plainTextOf(object: unknown): Text | undefined {
  if (typeof object !== "object" || object === null || Object.getPrototypeOf(object) !== Object.prototype)
    return undefined;
  const fields = Object.keys(object);
  if (fields.length !== 1 || fields[0] !== "body") return undefined;
  const { body: given } = object as { readonly body: unknown };
  if (typeof given !== "string") return undefined;
  const body = given.replaceAll("\r\n", "\n");
  return isVisibleText(body, maxLength) ? Object.freeze({ body }) : undefined;
}

/** A text of up to 4,096 characters. `previewUrl`: whether WhatsApp shows a preview of its first link. */
export function text(body: string, { previewUrl }: { readonly previewUrl?: boolean } = {}): TextContent {
  return { type: "text", text: { body, ...(previewUrl !== undefined && { preview_url: previewUrl }) } };
}
