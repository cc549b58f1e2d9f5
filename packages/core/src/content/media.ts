import { z } from "zod";

import { alwaysRun, hasExactlyOne } from "./cross-field.ts";
import { mediaLink } from "./link.ts";
import { once } from "./once.ts";
import { plainText } from "./plain-text.ts";

/** A file: either uploaded before (`id`) or on the web (`link`). */
export type MediaObject =
  | {
      /** The id that an upload returned. */
      readonly id: string;
      readonly link?: never;
    }
  | {
      /** An https URL of a public host, up to 4,096 characters. WhatsApp fetches it when the message is sent. */
      readonly link: string;
      readonly id?: never;
    };

/** JPEG or PNG, up to 5 MB. */
export type Image = MediaObject & {
  /** Up to 1,024 characters. */
  readonly caption?: string;
};

/** MP4 or 3GPP with H.264 and AAC, up to 16 MB. */
export type Video = MediaObject & {
  /** Up to 1,024 characters. */
  readonly caption?: string;
};

/** AAC, AMR, MP3, MP4 or Opus in Ogg, up to 16 MB. */
export type Audio = MediaObject & {
  /** Whether it is shown as a voice note, which must be mono Opus in Ogg. */
  readonly voice?: boolean;
};

/** Plain text, PDF or an office document, up to 100 MB. */
export type Document = MediaObject & {
  /** Up to 1,024 characters. */
  readonly caption?: string;
  /** Its extension determines the icon. */
  readonly filename?: string;
};

/** WebP, up to 100 KB, or 500 KB if it is animated. */
export type Sticker = MediaObject;

/** The content of an image message. */
export interface ImageContent {
  readonly type: "image";
  readonly image: Image;
}

/** The content of a video message. */
export interface VideoContent {
  readonly type: "video";
  readonly video: Video;
}

/** The content of an audio message or a voice note. */
export interface AudioContent {
  readonly type: "audio";
  readonly audio: Audio;
}

/** The content of a document message. */
export interface DocumentContent {
  readonly type: "document";
  readonly document: Document;
}

/** The content of a sticker message. */
export interface StickerContent {
  readonly type: "sticker";
  readonly sticker: Sticker;
}

function media<S extends z.core.$ZodLooseShape>(shape: S) {
  const id = z.string().regex(/^[\x21-\x7e]{1,512}$/, { error: "must be 1–512 visible ASCII characters" });
  return z
    .looseObject({ id: id.optional(), link: mediaLink().optional(), ...shape })
    .refine((file) => hasExactlyOne(file, "id", "link"), {
      error: "must have exactly one of id and link",
      ...alwaysRun,
    });
}

const caption = once(() => plainText(1024).optional());

/** @internal */
export const imageSchema = once(() => media({ caption: caption() }));
/** @internal */
export const videoSchema = once(() => media({ caption: caption() }));
/** @internal */
export const audioSchema = once(() => media({ voice: z.boolean().optional() }));
/** @internal */
export const documentSchema = once(() => media({ caption: caption(), filename: plainText().optional() }));
/** @internal */
export const stickerSchema = once(() => media({}));

/** An image, by its `id` or its `link`. */
export function image(image: Image): ImageContent {
  return { type: "image", image };
}

/** A video, by its `id` or its `link`. */
export function video(video: Video): VideoContent {
  return { type: "video", video };
}

/** An audio file, by its `id` or its `link`. */
export function audio(audio: Audio): AudioContent {
  return { type: "audio", audio };
}

/** A voice note, by its `id` or its `link`: mono Opus in Ogg. */
export function voice(media: MediaObject): AudioContent {
  return { type: "audio", audio: { ...media, voice: true } };
}

/** A document, by its `id` or its `link`. */
export function document(document: Document): DocumentContent {
  return { type: "document", document };
}

/** A sticker, by its `id` or its `link`. */
export function sticker(sticker: Sticker): StickerContent {
  return { type: "sticker", sticker };
}
