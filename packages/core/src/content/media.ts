/** A file of the sender's: uploaded before, or on the web. Exactly one of the two. */
export type MediaObject =
  | {
      /** What an upload was answered with. */
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
  /** Shown as a voice note; Opus in Ogg, mono. */
  readonly voice?: boolean;
};

/** Text, PDF or a file of an office suite, up to 100 MB. */
export type Document = MediaObject & {
  /** Up to 1,024 characters. */
  readonly caption?: string;
  /** Its extension decides the icon. */
  readonly filename?: string;
};

/** WebP, up to 100 KB, or 500 KB if it moves. */
export type Sticker = MediaObject;
