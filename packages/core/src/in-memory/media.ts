import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { Media, MediaError, MediaUpload, UploadedMedia } from "../ports/media.ts";

/** A file that was uploaded. */
export interface KeptMedia extends Omit<MediaUpload, "content"> {
  readonly mediaId: string;
  readonly bytes: Uint8Array;
}

/** Media whose uploads a test can read and script. */
export interface InMemoryMedia extends Media {
  /** Every uploaded file, in order. */
  readonly files: readonly KeptMedia[];
  /** Makes the next uploads fail with these errors, in order. Later uploads succeed again. */
  failWith(...errors: readonly MediaError[]): void;
}

/** Media in memory. Each upload succeeds, unless `failWith` says otherwise. */
export function createInMemoryMedia(): InMemoryMedia {
  const files: KeptMedia[] = [];
  const scripted: MediaError[] = [];
  let uploads = 0;

  async function store({ content, ...about }: MediaUpload): Promise<Result<UploadedMedia, MediaError>> {
    const error = scripted.shift();
    if (error) {
      await content[Symbol.asyncIterator]().return?.();
      return err(error);
    }
    const mediaId = `media-${(uploads += 1)}`;
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(new Uint8Array(chunk));
      files.push({ ...about, mediaId, bytes: joined(chunks) });
      return ok({ mediaId });
    } catch {
      return err({ kind: "ContentFailed" });
    }
  }

  return {
    files,
    failWith: (...errors) => void scripted.push(...errors),
    upload: (given) => new ResultAsync(store(given)),
  };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
