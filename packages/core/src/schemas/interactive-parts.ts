import { z } from "zod";

import { webLink } from "./link.ts";
import { documentContent, imageContent, videoContent } from "./media.ts";
import { words } from "./words.ts";

export const textHeader = z.looseObject({ type: z.literal("text"), text: words(60) });
export const imageHeader = z.looseObject({ type: z.literal("image"), image: imageContent });
export const videoHeader = z.looseObject({ type: z.literal("video"), video: videoContent });
const documentHeader = z.looseObject({ type: z.literal("document"), document: documentContent });

export const header = z.discriminatedUnion("type", [textHeader, imageHeader, videoHeader, documentHeader]);

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
