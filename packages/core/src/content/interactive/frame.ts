import { z } from "zod";

import { knownOrOther } from "../open-union.ts";
import { webLink } from "../link.ts";
import { documentContent, imageContent, videoContent } from "../media-schema.ts";
import { words } from "../plain-text.ts";

const headers = {
  text: z.looseObject({ text: words(60) }),
  image: z.looseObject({ image: imageContent }),
  video: z.looseObject({ video: videoContent }),
  document: z.looseObject({ document: documentContent }),
};
type HeaderKind = keyof typeof headers;

/** A header of one of these kinds; the other known ones are not for this type of message. */
export function headerOf(...allowed: readonly HeaderKind[]) {
  const misplaced = z.looseObject({ type: z.enum(allowed) });
  const kinds = Object.entries(headers).map(
    ([kind, schema]) => [kind, allowed.includes(kind as HeaderKind) ? schema : misplaced] as const,
  );
  return knownOrOther("type", Object.fromEntries(kinds));
}

export const header = headerOf("text", "image", "video", "document");

export function body(most: number) {
  return z.looseObject({ text: words(most) });
}

export const footer = z.looseObject({ text: words(60) });

/** What Meta refuses beside this type. */
export const nothing = z.never({ error: "does not go with this type" }).optional();

export const ctaUrlParameters = z.looseObject({ display_text: words(20), url: webLink });

/** What a tap on a button answers. */
export const reply = z.looseObject({
  id: words(256).refine((id) => id === id.trim(), { error: "has space around it" }),
  title: words(20),
});
