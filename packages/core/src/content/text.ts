import { z } from "zod";

import { visibleText } from "./plain-text.ts";

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

/** Meta: "body: 1 to 4096 characters". @internal */
export const textSchema = z.looseObject({ body: visibleText(4096), preview_url: z.boolean().optional() });

/** A text of up to 4,096 characters. `previewUrl`: whether WhatsApp shows a preview of its first link. */
export function text(body: string, { previewUrl }: { readonly previewUrl?: boolean } = {}): TextContent {
  return { type: "text", text: { body, ...(previewUrl !== undefined && { preview_url: previewUrl }) } };
}
