/** The kind of message that a type of file is sent as, and its size limit. */
export interface MediaType {
  readonly use: "image" | "video" | "audio" | "document" | "sticker";
  readonly largestBytes: number;
  /** The extensions of its file names, without the dot. */
  readonly extensions: readonly string[];
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

const image = { use: "image", largestBytes: 5 * mebibyte } as const;
const video = { use: "video", largestBytes: 16 * mebibyte } as const;
const audio = { use: "audio", largestBytes: 16 * mebibyte } as const;
const document = { use: "document", largestBytes: 100 * mebibyte } as const;
/** The limit of animated stickers. WhatsApp rejects static ones above 100 KB when they are sent. */
const sticker = { use: "sticker", largestBytes: 500 * kibibyte } as const;

/**
 * The types of files that WhatsApp accepts, by MIME type (Cloud API, "Media", supported media types, 2026). Meta does not define
 * its MB: the larger reading counts here, so nothing is rejected that Meta would accept.
 */
export const mediaTypes: Readonly<Record<string, MediaType>> = {
  "image/jpeg": { ...image, extensions: ["jpg", "jpeg"] },
  "image/png": { ...image, extensions: ["png"] },
  "video/mp4": { ...video, extensions: ["mp4"] },
  "video/3gpp": { ...video, extensions: ["3gp", "3gpp"] },
  "audio/aac": { ...audio, extensions: ["aac"] },
  "audio/amr": { ...audio, extensions: ["amr"] },
  "audio/mpeg": { ...audio, extensions: ["mp3"] },
  "audio/mp4": { ...audio, extensions: ["m4a"] },
  "audio/ogg": { ...audio, extensions: ["ogg", "opus"] },
  "text/plain": { ...document, extensions: ["txt"] },
  "application/pdf": { ...document, extensions: ["pdf"] },
  "application/msword": { ...document, extensions: ["doc"] },
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": { ...document, extensions: ["docx"] },
  "application/vnd.ms-excel": { ...document, extensions: ["xls"] },
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": { ...document, extensions: ["xlsx"] },
  "application/vnd.ms-powerpoint": { ...document, extensions: ["ppt"] },
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": { ...document, extensions: ["pptx"] },
  "image/webp": { ...sticker, extensions: ["webp"] },
};

/** A type of file that can be uploaded. */
export interface KnownMedia extends MediaType {
  /** Lower-case, without parameters. */
  readonly mimeType: string;
}

const types = Object.entries(mediaTypes).map(([mimeType, type]): KnownMedia => ({ mimeType, ...type }));
const byMimeType: ReadonlyMap<string, KnownMedia> = new Map(types.map((type) => [type.mimeType, type]));
/** Common names of types that are not MIME types. */
const aliases: Readonly<Record<string, string>> = { "image/jpg": "image/jpeg" };
const byExtension: ReadonlyMap<string, KnownMedia> = new Map(
  types.flatMap((type) => type.extensions.map((extension) => [extension, type] as const)),
);

/** MIME types that say nothing about the content. */
const vague: ReadonlySet<string> = new Set(["", "application/octet-stream"]);

/**
 * The type of a file: by its MIME type, or by its extension if the MIME type says nothing. Undefined if WhatsApp does not accept
 * the file.
 */
export function mediaTypeOf(mimeType: string | undefined, filename?: string): KnownMedia | undefined {
  const [essence = ""] = (mimeType ?? "").split(";");
  const named = essence.trim().toLowerCase();
  if (!vague.has(named)) return byMimeType.get(aliases[named] ?? named);
  const [, extension = ""] = /\.([^.]*)$/.exec(filename ?? "") ?? [];
  return byExtension.get(extension.toLowerCase());
}

const longestFilename = 200;

/** The name of a file without its folders and without characters that could break out of a header. */
export function plainFilename(filename: string | undefined, { extensions }: MediaType): string {
  const [name = ""] = (filename ?? "").split(/[/\\]/).slice(-1);
  const plain = name
    .replaceAll(/[\p{Cc}\p{Cf}"]/gu, "")
    .trim()
    .slice(-longestFilename)
    .toWellFormed();
  return /^\.*$/.test(plain) ? `file.${extensions[0] ?? "bin"}` : plain;
}
