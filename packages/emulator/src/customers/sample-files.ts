import type { CustomerContent } from "./customer-schema.ts";

export type FileKind = Extract<keyof CustomerContent, "image" | "video" | "audio" | "document" | "sticker">;

/** Each kind of file, with the type that WhatsApp gives it and the smallest file that is one. */
export const sampleFiles: Readonly<Record<FileKind, { readonly mimeType: string; readonly data: string }>> = {
  image: {
    mimeType: "image/png",
    data: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  },
  video: { mimeType: "video/mp4", data: "AAAAGGZ0eXBpc29tAAACAGlzb21pc28y" },
  audio: {
    mimeType: "audio/ogg; codecs=opus",
    data: "T2dnUwACAAAAAAAAAAAAAAAAAAAAAAAAAAABE09wdXNIZWFkAQEAAIC7AAAAAAA=",
  },
  document: {
    mimeType: "application/pdf",
    data: "JVBERi0xLjEKMSAwIG9iajw8L1BhZ2VzIDIgMCBSPj5lbmRvYmoKMiAwIG9iajw8L0NvdW50IDA+PmVuZG9iagp0cmFpbGVyPDwvUm9vdCAxIDAgUj4+Cg==",
  },
  sticker: {
    mimeType: "image/webp",
    data: "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA",
  },
};
