import type { ResultAsync } from "neverthrow";

import type { Accepted, Outcome } from "../domain/outcome.ts";
import type { Credential } from "./credentials.ts";

/** One file on its way to WhatsApp. */
export interface MediaUpload {
  readonly credential: Credential;
  readonly mimeType: string;
  readonly filename: string;
  /** Can be read once, chunk by chunk. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** A file that WhatsApp has stored. */
export interface UploadedMedia {
  /** The id by which a message names the file. */
  readonly mediaId: string;
}

/** Why a file was not uploaded. No error contains the access token. */
export type MediaError =
  | Exclude<Outcome, Accepted>
  /** Reading the content failed before its end. */
  | { readonly kind: "ContentFailed" };

/** Uploads files that messages can name. Not promised: that WhatsApp keeps a file for longer than 30 days. */
export interface Media {
  /**
   * Uploads the file unchanged, and each file gets an id of its own. Reads a chunk only when the one before was sent, so that
   * no file is ever held whole; does not use a chunk any more once it reads the next. Makes exactly one request and never
   * repeats it. Closes the content, however the upload ends. Where reading the content fails the answer is `ContentFailed`, and
   * WhatsApp keeps nothing of the file.
   *
   * What WhatsApp rejects is `Refused`, with whether that is final. A rate limit is `Throttled`, with whose limit it is. A
   * rejected access token is `CredentialRefused`. A request that was sent and got no answer is `Ambiguous`. A success before the
   * end of the content is `Ambiguous`, too, since nobody knows what WhatsApp kept. `NotSent` proves that no byte of the request
   * was sent or will be. WhatsApp has `timeoutMs` to take each chunk and to answer; the time that a chunk is waited for does
   * not count. No error contains the access token, even where WhatsApp quotes it.
   */
  upload(upload: MediaUpload, timeoutMs: number): ResultAsync<UploadedMedia, MediaError>;
}
