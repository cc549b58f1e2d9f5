import type { z } from "zod";

import { contactsSchema } from "./contacts.ts";
import type { MessageType } from "./content.ts";
import { interactiveSchema } from "./interactive/interactive.ts";
import { locationSchema } from "./location.ts";
import { audioSchema, documentSchema, imageSchema, stickerSchema, videoSchema } from "./media.ts";
import { reactionSchema } from "./reaction.ts";
import { templateSchema } from "./template/template.ts";
import { textSchema } from "./text.ts";

/** The check of Meta's object under each type, made at its first use. @internal */
export const contentSchemas: Readonly<Record<MessageType, () => z.ZodType>> = {
  text: textSchema,
  image: imageSchema,
  video: videoSchema,
  audio: audioSchema,
  document: documentSchema,
  sticker: stickerSchema,
  location: locationSchema,
  contacts: contactsSchema,
  reaction: reactionSchema,
  interactive: interactiveSchema,
  template: templateSchema,
};
