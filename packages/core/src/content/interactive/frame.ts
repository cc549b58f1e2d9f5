import { z } from "zod";

import { type Document, documentSchema, type Image, imageSchema, type Video, videoSchema } from "../media.ts";
import { once } from "../once.ts";
import { openUnion } from "../open-union.ts";
import { visibleText } from "../plain-text.ts";

/** The content of an interactive message. */
export interface InteractiveContent<I> {
  readonly type: "interactive";
  readonly interactive: I;
}

/** A header of text. */
export interface TextHeader {
  readonly type: "text";
  /** Up to 60 characters. */
  readonly text: string;
}

/** Shown above the body. A kind that is newer than this list is accepted too; it needs a cast. */
export type Header =
  | TextHeader
  | { readonly type: "image"; readonly image: Image }
  | { readonly type: "video"; readonly video: Video }
  | { readonly type: "document"; readonly document: Document };

/** The text of an interactive message. */
export interface Body {
  /** Up to 1,024 characters; 4,096 in a list. */
  readonly text: string;
}

/** A line of small text below the body. */
export interface Footer {
  /** Up to 60 characters. */
  readonly text: string;
}

const headers = () => ({
  text: z.looseObject({ text: visibleText(60) }),
  image: z.looseObject({ image: imageSchema() }),
  video: z.looseObject({ video: videoSchema() }),
  document: z.looseObject({ document: documentSchema() }),
});
type HeaderKind = keyof ReturnType<typeof headers>;

/** A header of one of these kinds. The other known kinds are not allowed in this message. @internal */
export function headerSchemaOf(...allowed: readonly HeaderKind[]) {
  const misplaced = z.looseObject({ type: z.enum(allowed) });
  const kinds = Object.entries(headers()).map(
    ([kind, schema]) => [kind, allowed.includes(kind as HeaderKind) ? schema : misplaced] as const,
  );
  return openUnion("type", Object.fromEntries(kinds));
}

/** @internal */
export const headerSchema = once(() => headerSchemaOf("text", "image", "video", "document"));

/** @internal */
export function bodySchema(max: number) {
  return z.looseObject({ text: visibleText(max) });
}

/** @internal */
export const footerSchema = once(() => z.looseObject({ text: visibleText(60) }));

/** A field that Meta rejects in this type of message. @internal */
export const notAllowed = once(() => z.never({ error: "is not allowed with this type" }).optional());

/** The header and footer around a body. A string is a text header. */
export interface Frame<H = string | Header> {
  readonly header?: H;
  readonly footer?: string;
}

export function framed<H extends Header>(
  text: string,
  { header, footer }: Frame<string | H>,
): { readonly header?: H | TextHeader; readonly body: Body; readonly footer?: Footer } {
  return {
    ...(header !== undefined && { header: headerOf(header) }),
    body: { text },
    ...(footer !== undefined && { footer: { text: footer } }),
  };
}

export function headerOf<H extends Header>(header: string | H): H | TextHeader {
  return typeof header === "string" ? { type: "text", text: header } : header;
}

export function interactiveContent<I>(interactive: I): InteractiveContent<I> {
  return { type: "interactive", interactive };
}
