import type { Accepted, Outcome } from "../domain/outcome.ts";
import type { Credential } from "./credentials.ts";
import type { R } from "./result.ts";

/** One file on its way to WhatsApp. */
export interface MediaUpload {
  readonly credential: Credential;
  readonly mimeType: string;
  readonly filename: string;
  /** Comes once, piece by piece. */
  readonly content: AsyncIterable<Uint8Array>;
}

export interface UploadedMedia {
  /** What a message names it by. */
  readonly mediaId: string;
}

/** Why a file was not taken; none of it holds the access token. */
export type MediaError =
  | Exclude<Outcome, Accepted>
  /** The content failed before its end. */
  | { readonly kind: "ContentFailed" };

/** Keeps files for messages to name. */
export interface Media {
  /**
   * Hands the file over as it is, and each is kept under an id of its own. Asks for a piece only when the one before was taken,
   * so that no file is ever held whole; a piece is done with once the next is asked for. Makes exactly one request and never
   * repeats it. Lets go of the content, however it ends. Where the content fails the answer is `ContentFailed`, and nothing
   * is kept of the file.
   *
   * What WhatsApp does not take is `Refused`, and says whether that is final. A limit is `Throttled`, with whose it is. A
   * refused access token is `CredentialRefused`. A request that left and was not answered is `Ambiguous`. A success before the
   * content has come to its end is `Ambiguous`, too, since nobody knows what WhatsApp kept. `NotSent` is a proof that no byte
   * of the request left, then or later. WhatsApp has `timeoutMs` for each piece and for its answer; the time in which a piece
   * is waited for does not count. No error holds the access token, even where WhatsApp quotes it.
   */
  upload(upload: MediaUpload, timeoutMs: number): R<UploadedMedia, MediaError>;
}
