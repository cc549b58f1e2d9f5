import { z } from "zod";

import { besideOthers, fieldsOf } from "./distinct.ts";
import { mediaLink } from "./link.ts";
import { note } from "./words.ts";

function media<S extends z.core.$ZodLooseShape>(shape: S) {
  const id = z.string().regex(/^[\x21-\x7e]{1,512}$/, { error: "is not 1–512 visible ASCII characters" });
  return z
    .looseObject({ id: id.optional(), link: mediaLink.optional(), ...shape })
    .refine((file) => isNamedOnce(fieldsOf(file)), { error: "needs either an id or a link", ...besideOthers });
}

function isNamedOnce({ id, link }: Readonly<Record<string, unknown>>): boolean {
  return (id === undefined) !== (link === undefined);
}

const caption = note(1024).optional();

export const imageContent = media({ caption });
export const videoContent = media({ caption });
export const audioContent = media({ voice: z.boolean().optional() });
export const documentContent = media({ caption, filename: note().optional() });
export const stickerContent = media({});
