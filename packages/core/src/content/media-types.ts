/** What a type of file may be sent as, and how large it may be. */
export interface MediaType {
  readonly use: "image" | "video" | "audio" | "document" | "sticker";
  readonly largestBytes: number;
  /** The endings that names of such files have. */
  readonly extensions: readonly string[];
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

const image = { use: "image", largestBytes: 5 * mebibyte } as const;
const video = { use: "video", largestBytes: 16 * mebibyte } as const;
const audio = { use: "audio", largestBytes: 16 * mebibyte } as const;
const document = { use: "document", largestBytes: 100 * mebibyte } as const;
/** Only animated ones may be as large; still ones are refused above 100 KB when they are sent. */
const sticker = { use: "sticker", largestBytes: 500 * kibibyte } as const;

/**
 * What WhatsApp takes (Cloud API, "Media", supported media types, 2026). Meta does not say how many bytes its MB has: the
 * more generous reading stands here, so that nothing is refused that Meta would take.
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

/** A file that can be uploaded, by its type. */
export interface KnownMedia extends MediaType {
  /** Lower-case, without parameters. */
  readonly mimeType: string;
}

const types = Object.entries(mediaTypes).map(([mimeType, type]): KnownMedia => ({ mimeType, ...type }));
const byMimeType: ReadonlyMap<string, KnownMedia> = new Map(types.map((type) => [type.mimeType, type]));
/** What is often said for a type, and is none. */
const aliases: Readonly<Record<string, string>> = { "image/jpg": "image/jpeg" };
const byExtension: ReadonlyMap<string, KnownMedia> = new Map(
  types.flatMap((type) => type.extensions.map((extension) => [extension, type] as const)),
);

/** Says nothing about what the bytes are. */
const vague: ReadonlySet<string> = new Set(["", "application/octet-stream"]);

/** What a file is: by its MIME type, or by its name where that says nothing; undefined where WhatsApp takes no such file. */
export function mediaTypeOf(mimeType: string | undefined, filename?: string): KnownMedia | undefined {
  const [essence = ""] = (mimeType ?? "").split(";");
  const named = essence.trim().toLowerCase();
  if (!vague.has(named)) return byMimeType.get(aliases[named] ?? named);
  const [, extension = ""] = /\.([^.]*)$/.exec(filename ?? "") ?? [];
  return byExtension.get(extension.toLowerCase());
}

const longestFilename = 200;

/** A file's own name, without folders and without what could end or leave a header. */
export function plainFilename(filename: string | undefined, { extensions }: MediaType): string {
  const [name = ""] = (filename ?? "").split(/[/\\]/).slice(-1);
  const plain = name
    .replaceAll(/[\p{Cc}\p{Cf}"]/gu, "")
    .trim()
    .slice(-longestFilename)
    .toWellFormed();
  return /^\.*$/.test(plain) ? `file.${extensions[0] ?? "bin"}` : plain;
}
