import { err, ok, type Result, ResultAsync } from "neverthrow";

import { type Identifier, isIdentifier, type OutletRef } from "../domain/identifiers.ts";
import { type KnownMedia, mediaTypeOf, plainFilename } from "../domain/media.ts";
import { createPermits } from "../permits.ts";
import type { Clock } from "../ports/clock.ts";
import type { Credential, Credentials, CredentialsError } from "../ports/credentials.ts";
import type { Media, MediaError } from "../ports/media.ts";
import type { R, Unavailable } from "../ports/result.ts";
import { type CheckedContent, createCheckedContent } from "./checked-content.ts";
import { closing, type Drain } from "./drain.ts";
import { type RequestError, requestErrorOf } from "./request-error.ts";
import type { InvalidCommand } from "./send-command.ts";

/** One file for messages to name. */
export interface UploadMediaCommand {
  readonly tenantId: Identifier;
  readonly outletId: Identifier;
  /** Where it is missing or says nothing, the file name's ending decides. */
  readonly mimeType?: string;
  readonly filename?: string;
  /** Is read once, piece by piece, no faster than WhatsApp takes it. */
  readonly content: AsyncIterable<Uint8Array>;
  /** How many bytes it has, or has at least, where that is known: what is too large is then refused before it is read. */
  readonly size?: number;
}

export interface MediaUploaded {
  readonly mediaId: string;
  readonly mimeType: string;
  readonly size: number;
  /** From then on no message can name it. */
  readonly expiresAt: Date;
}

export type UploadMediaError =
  | InvalidCommand
  /** WhatsApp takes no such file. */
  | { readonly kind: "MediaInvalid"; readonly detail: string }
  | { readonly kind: "MediaTooLarge"; readonly mimeType: string; readonly largestBytes: number }
  /** It did not come whole. */
  | { readonly kind: "ContentFailed" }
  /** No piece came for 30 s, or the whole took more than ten minutes. */
  | { readonly kind: "ContentTooSlow" }
  | CredentialsError
  | RequestError;

interface UploadPorts {
  readonly media?: Media;
  readonly credentials: Credentials;
  readonly clock: Clock;
}

const mostUploads = 8;
const idleMs = 30_000;
const wholeMs = 600_000;
/** Uploaded media lives 30 days (Cloud API, "Media", upload). */
const lifeMs = 30 * 86_400_000;

/**
 * Passes a file on to WhatsApp without ever holding it whole. Makes one request: what was read of the content is gone, so a
 * failure is the caller's to repeat. Nothing is stored, and where the content turns out to be wrong nothing is kept.
 */
export function createUploadMedia(
  { media, credentials, clock }: UploadPorts,
  drain: Drain,
): (command: UploadMediaCommand) => R<MediaUploaded, UploadMediaError> {
  const permits = createPermits(mostUploads, clock);

  async function upload(
    outlet: OutletRef,
    type: KnownMedia,
    filename: string,
    content: CheckedContent,
  ): Promise<Result<MediaUploaded, UploadMediaError>> {
    const { mimeType } = type;
    if (!media) return err(notConfigured);
    const found = await credentials.lookup(outlet);
    if (found.isErr()) return err(found.error);
    const credential = found.value;
    const hasSome = await content.hasSome().catch(() => undefined);
    if (hasSome === undefined) return err(faultOf(content, type));
    if (!hasSome) return err({ kind: "MediaInvalid", detail: "is empty" });
    const uploaded = await drain.unlessCutOff(media.upload({ credential, mimeType, filename, content }, idleMs));
    if (!uploaded) return err(closing);
    if (uploaded.isOk()) {
      const expiresAt = new Date(clock.now().getTime() + lifeMs);
      return ok({ mediaId: uploaded.value.mediaId, mimeType, size: content.size, expiresAt });
    }
    return err(content.fault ? faultOf(content, type) : await errorOf(uploaded.error, outlet, credential));
  }

  /** A refused credential is told to whoever gives them out, so that the next upload has another. */
  async function errorOf(error: MediaError, outlet: OutletRef, credential: Credential): Promise<UploadMediaError> {
    if (error.kind === "ContentFailed") return error;
    if (error.kind !== "CredentialRefused") return requestErrorOf(error, clock.now());
    const other = await credentials.lookup(outlet, credential);
    const { failure } = error;
    return other.isErr()
      ? other.error
      : { kind: "RequestFailed", reason: "the outlet's credentials have just been replaced", failure };
  }

  async function check(command: UploadMediaCommand): Promise<Result<MediaUploaded, UploadMediaError>> {
    const { tenantId, outletId, mimeType, filename, size } = command;
    const strange = Object.entries({ tenantId, outletId }).filter(([, id]) => !isIdentifier(id));
    if (strange.length > 0) {
      const problems = strange.map(([field]) => ({ path: [field], detail: "is not 1–128 URL-safe characters" }));
      return err({ kind: "InvalidCommand", problems });
    }
    const type = mediaTypeOf(mimeType, filename);
    if (!type) return err({ kind: "MediaInvalid", detail: "is not of a type that WhatsApp takes" });
    if (size !== undefined && size > type.largestBytes) return err(tooLarge(type));
    if (drain.closing) return err(closing);
    const content = createCheckedContent(command.content, { ...type, idleMs, wholeMs }, clock);
    let hasPermit = false;
    const uploaded = await permits.within(clock.now(), () => {
      hasPermit = true;
      return new ResultAsync(upload({ tenantId, outletId }, type, plainFilename(filename, type), content));
    });
    content.release();
    return uploaded.mapErr((error) =>
      error.kind === "HeldBack" && !hasPermit ? { ...error, reason: `${mostUploads} uploads are under way` } : error,
    );
  }

  return (command) => new ResultAsync(check(command));
}

const notConfigured: Unavailable = { kind: "Unavailable", reason: "the sender was made without media" };

function faultOf({ fault }: CheckedContent, type: KnownMedia): UploadMediaError {
  if (fault === "too large") return tooLarge(type);
  return { kind: fault === "too slow" ? "ContentTooSlow" : "ContentFailed" };
}

function tooLarge({ mimeType, largestBytes }: KnownMedia): UploadMediaError {
  return { kind: "MediaTooLarge", mimeType, largestBytes };
}
