import { z } from "zod";

import { fieldRules, isWamid } from "./identifiers.ts";
import { once } from "./once.ts";

/** An emoji on a message of the last 30 days. */
export interface Reaction {
  /** The id of the WhatsApp message. */
  readonly message_id: string;
  /** One emoji; an empty string removes an earlier one. */
  readonly emoji: string;
}

/** The content of a reaction. */
export interface ReactionContent {
  readonly type: "reaction";
  readonly reaction: Reaction;
}

/** Not made before a reaction is checked: the first one has ICU load its tables, some 3 MB. */
const graphemes = once(() => new Intl.Segmenter());

/** Covers emoji that are newer than this code. Digits and letters do not match. */
const pictorial = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20E3]/u;

function isEmoji(text: string): boolean {
  if (text.length > 64 || !pictorial.test(text)) return false;
  const [, second] = graphemes().segment(text);
  return second === undefined;
}

/** @internal */
export const reactionSchema = once(() =>
  z.looseObject({
    message_id: z.string().refine(isWamid, { error: fieldRules.wamid }),
    emoji: z.string().refine((text) => text === "" || isEmoji(text), { error: "must be a single emoji or empty" }),
  }),
);

/** An emoji on a message. */
export function reaction(messageId: string, emoji: string): ReactionContent {
  return { type: "reaction", reaction: { message_id: messageId, emoji } };
}

/** Removes the reaction to a message. */
export function removeReaction(messageId: string): ReactionContent {
  return reaction(messageId, "");
}
