import { z } from "zod";

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

const mostCharacters = 4096;

/** Meta: "body: 1 to 4096 characters". @internal */
export const textSchema = z.looseObject({ body: visibleText(mostCharacters), preview_url: z.boolean().optional() });

/** The body of an object with nothing else in it, if `textSchema` accepts it. Most messages are such. @internal */
export function bodyOfPlainText(object: unknown): string | undefined {
  if (typeof object !== "object" || object === null || Object.getPrototypeOf(object) !== Object.prototype)
    return undefined;
  const [field, ...others] = Object.keys(object);
  if (field !== "body" || others.length > 0) return undefined;
  const { body } = object as { readonly body?: unknown };
  return isVisibleText(body, mostCharacters) ? body : undefined;
}

/** A text of up to 4,096 characters. `previewUrl`: whether WhatsApp shows a preview of its first link. */
export function text(body: string, { previewUrl }: { readonly previewUrl?: boolean } = {}): TextContent {
  return { type: "text", text: { body, ...(previewUrl !== undefined && { preview_url: previewUrl }) } };
}
