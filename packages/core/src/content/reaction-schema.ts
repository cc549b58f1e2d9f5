import { z } from "zod";

import { isWamid } from "./identifiers.ts";

const graphemes = new Intl.Segmenter();

/** Newer emoji than we know are emoji too; a digit or a letter is none. */
const pictorial = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20E3]/u;

function isEmoji(text: string): boolean {
  if (text.length > 64 || !pictorial.test(text)) return false;
  const [, second] = graphemes.segment(text);
  return second === undefined;
}

/** Meta's reaction object. An empty emoji takes a reaction back. */
export const reactionContent = z.looseObject({
  message_id: z.string().refine(isWamid, { error: "is not the id of a WhatsApp message" }),
  emoji: z.string().refine((text) => text === "" || isEmoji(text), { error: "is neither one emoji nor empty" }),
});
