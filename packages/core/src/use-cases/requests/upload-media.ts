import { err, ok, Result, ResultAsync } from "neverthrow";

import type { OutletRef } from "../../content/identifiers.ts";
import { type KnownMedia, plainFilename } from "../../content/media-types.ts";
import { type Clock, fromNow } from "../../ports/clock.ts";
import type { Credential, Credentials, CredentialsError } from "../../ports/credentials.ts";
import type { Media, MediaError } from "../../ports/media.ts";
import type { RateLimited, Pacer } from "../../ports/pacer.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { type CheckedContent, createCheckedContent } from "./checked-content.ts";
import { type Aborted, aborted, closing, type ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { dispose } from "./dispose.ts";
import { type WhatsAppRequestError, requestErrorOf } from "./request-error.ts";
import { createUploadSlots } from "./upload-slots.ts";
import { parseUploadCommand, tooLarge, type UploadCommandError, type UploadMediaCommand } from "./upload-command.ts";

/** A file that WhatsApp has stored. */
export interface MediaUploaded {
  /** The `id` of the file in messages. */
  readonly mediaId: string;
  readonly mimeType: string;
  /** In bytes. */
  readonly size: number;
  /** When WhatsApp deletes the file. */
  readonly expiresAt: Date;
}

/** Why a file was not uploaded. */
export type UploadMediaError =
  | UploadCommandError
  /** Reading the content failed before its end. */
  | { readonly kind: "ContentFailed" }
  /**
   * No chunk arrived for 30 s, less than 1 KB a second arrived, or the upload took more than ten minutes. Or less than 64 KB a second
   * arrived while another upload waited for its slot.
   */
  | { readonly kind: "ContentTooSlow" }
  | CredentialsError
  | WhatsAppRequestError
  | Aborted;

interface UploadMediaParts {
  readonly media?: Media;
  readonly credentials: Credentials;
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly shutdown: ShutdownSignal;
}

const mostUploads = 8;
/** How long an upload waits for a slot, and the `retryAt` of one that got none. */
const permitMs = 5000;
const idleMs = 30_000;
const wholeMs = 600_000;
const leastBytesPerSecond = 1024;
/** Uploaded media lives 30 days (Cloud API, "Media", upload). */
const lifeMs = 30 * 86_400_000;

/**
 * Streams a file to WhatsApp without holding it in memory. Makes one request, since the content can be read only once: the caller
 * repeats a failed upload. Makes none while the number's circuit breaker is open. Stores nothing.
 */
export function createUploadMedia({
  media,
  credentials,
  pacer,
  clock,
  shutdown,
}: UploadMediaParts): (command: UploadMediaCommand) => ResultAsync<MediaUploaded, UploadMediaError> {
  const slots = createUploadSlots(mostUploads, {
    ...clock,
    sleep: async (ms, woken) => void (await shutdown.sleep(ms, woken)),
  });

  async function upload(
    outlet: OutletRef,
    type: KnownMedia,
    filename: string,
    content: CheckedContent,
  ): Promise<Result<MediaUploaded, UploadMediaError>> {
    const { mimeType } = type;
    if (shutdown.closing) return err(closing);
    if (!media) return err(notConfigured);
    const found = await credentials.lookup(outlet);
    if (found.isErr()) return err(found.error);
    const credential = found.value;
    const held = outageOf(outlet, credential);
    if (held) return err(held);
    const hasSome = await content.hasSome().catch(() => undefined);
    if (hasSome === undefined) return err(faultOf(content, type));
    if (!hasSome) return err({ kind: "MediaInvalid", detail: "is empty" });
    const uploaded = await shutdown.orAborted(media.upload({ credential, mimeType, filename, content }, idleMs));
    if (!uploaded) return err(aborted);
    if (content.fault) return err(faultOf(content, type));
    if (uploaded.isErr()) return err(await errorOf(uploaded.error, outlet, credential));
    if (!content.isWhole) return err(answeredEarly);
    const expiresAt = fromNow(clock, lifeMs);
    return ok({ mediaId: uploaded.value.mediaId, mimeType, size: content.size, expiresAt });
  }

  /** Uploads have their own limits instead of the pacer's, but none starts during an outage. */
  function outageOf({ tenantId }: OutletRef, { phoneNumberId }: Credential): RateLimited | undefined {
    const held = pacer.refusal({ tenantId, phoneNumberId, to: "", isRetry: false }, fromNow(clock, permitMs));
    return held?.cause === "outage" ? held : undefined;
  }

  /** Reports a rejected credential to its source: the next upload gets another one. */
  async function errorOf(error: MediaError, outlet: OutletRef, credential: Credential): Promise<UploadMediaError> {
    if (error.kind === "ContentFailed") return error;
    if (error.kind !== "CredentialRefused") return requestErrorOf(error, clock.now());
    const other = await credentials.lookup(outlet, credential);
    const { failure } = error;
    return other.isErr()
      ? other.error
      : { kind: "RequestFailed", reason: "the outlet's credentials have just been replaced", failure };
  }

  async function begin(
    { tenantId, outletId, filename, content: given }: UploadMediaCommand,
    type: KnownMedia,
  ): Promise<Result<MediaUploaded, UploadMediaError>> {
    const content = checkedContent(given, { ...type, idleMs, wholeMs, leastBytesPerSecond }, clock);
    if (content.isErr()) return err({ kind: "ContentFailed" });
    let hasPermit = false;
    try {
      const uploaded = await slots.withSlot(
        { tenantId, content: content.value },
        clock.monotonicMs() + permitMs,
        () => {
          hasPermit = true;
          return new ResultAsync(upload({ tenantId, outletId }, type, plainFilename(filename, type), content.value));
        },
      );
      if (hasPermit || uploaded.isOk()) return uploaded;
      return err(shutdown.closing ? closing : { ...tooMany, retryAt: fromNow(clock, permitMs) });
    } finally {
      content.value.release();
    }
  }

  async function check(command: UploadMediaCommand): Promise<Result<MediaUploaded, UploadMediaError>> {
    const type = parseUploadCommand(command);
    if (type.isOk() && !shutdown.closing) return begin(command, type.value);
    dispose(command.content);
    return err(type.isErr() ? type.error : closing);
  }

  return (command) => new ResultAsync(check(command));
}

const notConfigured: Unavailable = { kind: "Unavailable", reason: "the sender has no `media` port" };

const tooMany: Unavailable = { kind: "Unavailable", reason: "too many uploads are in progress" };
const answeredEarly: UploadMediaError = {
  kind: "RequestFailed",
  reason: "WhatsApp answered before it had received the whole file",
};

const checkedContent = Result.fromThrowable(createCheckedContent);

function faultOf({ fault }: CheckedContent, type: KnownMedia): UploadMediaError {
  if (fault === "too large") return tooLarge(type);
  if (fault === "too slow") return { kind: "ContentTooSlow" };
  if (fault !== "not bytes") return { kind: "ContentFailed" };
  return { kind: "InvalidCommand", problems: [{ path: ["content"], detail: "must contain only Uint8Array chunks" }] };
}
