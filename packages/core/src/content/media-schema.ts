import { z } from "zod";

import { besideOthers, hasExactlyOne } from "./cross-field.ts";
import { mediaLink } from "./link.ts";
import { note } from "./plain-text.ts";

function media<S extends z.core.$ZodLooseShape>(shape: S) {
  const id = z.string().regex(/^[\x21-\x7e]{1,512}$/, { error: "is not 1–512 visible ASCII characters" });
  return z
    .looseObject({ id: id.optional(), link: mediaLink.optional(), ...shape })
    .refine((file) => hasExactlyOne(file, "id", "link"), { error: "needs either an id or a link", ...besideOthers });
}

const caption = note(1024).optional();

export const imageContent = media({ caption });
export const videoContent = media({ caption });
export const audioContent = media({ voice: z.boolean().optional() });
export const documentContent = media({ caption, filename: note().optional() });
export const stickerContent = media({});
