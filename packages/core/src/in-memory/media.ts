import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { Media, MediaError, MediaUpload, UploadedMedia } from "../ports/media.ts";

/** A file that was taken. */
export interface KeptMedia extends Omit<MediaUpload, "content"> {
  readonly mediaId: string;
  readonly bytes: Uint8Array;
}

export interface InMemoryMedia extends Media {
  /** Every file that was taken, in order. */
  readonly files: readonly KeptMedia[];
  /** The next uploads end like this, one after the other; after them, each is taken again. */
  failWith(...errors: readonly MediaError[]): void;
}

/** Takes each file, unless told otherwise, and keeps it. */
export function createInMemoryMedia(): InMemoryMedia {
  const files: KeptMedia[] = [];
  const scripted: MediaError[] = [];
  let uploads = 0;

  async function take({ content, ...about }: MediaUpload): Promise<Result<UploadedMedia, MediaError>> {
    const error = scripted.shift();
    if (error) {
      await content[Symbol.asyncIterator]().return?.();
      return err(error);
    }
    const mediaId = `media-${(uploads += 1)}`;
    try {
      const pieces: Uint8Array[] = [];
      for await (const piece of content) pieces.push(new Uint8Array(piece));
      files.push({ ...about, mediaId, bytes: joined(pieces) });
      return ok({ mediaId });
    } catch {
      return err({ kind: "ContentFailed" });
    }
  }

  return {
    files,
    failWith: (...errors) => void scripted.push(...errors),
    upload: (given) => new ResultAsync(take(given)),
  };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
