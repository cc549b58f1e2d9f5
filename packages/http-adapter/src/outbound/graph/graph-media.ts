import { randomUUID } from "node:crypto";

import {
  inRealTime,
  type Media,
  type MediaError,
  type MediaUpload,
  type UploadedMedia,
} from "@message-sender/core/adapter";
import { err, type Result, ResultAsync } from "neverthrow";
import { z } from "zod";

import { createGraphClient, type GraphTransportOptions } from "./graph-client.ts";
import { createGraphExchange, type NotTaken } from "./graph-exchange.ts";

/** The `Media` port over Meta's Cloud API. */
export interface GraphMedia extends Media {
  /** Call it after the sender is closed. Requests in flight are aborted after a second. */
  close(): Promise<void>;
}

const takenSchema = z.object({ id: z.string().regex(/^[\x21-\x7e]{1,512}$/) });

const wanted = "a media id";

function read(body: unknown): UploadedMedia | undefined {
  const taken = takenSchema.safeParse(body);
  return taken.success ? { mediaId: taken.data.id } : undefined;
}

/**
 * Uploads files through Meta's Cloud API, over separate connections, so that no message waits for a file.
 *
 * @example
 * ```ts
 * const media = createGraphMedia({ version: "v25.0" });
 * ```
 */
export function createGraphMedia(options: GraphTransportOptions = {}): GraphMedia {
  const graph = createGraphClient(options, { maxConnections: 8, unbuffered: true });
  const exchange = createGraphExchange(graph);

  async function upload(given: MediaUpload, timeoutMs: number): Promise<Result<UploadedMedia, MediaError>> {
    const boundary = `message-sender-${randomUUID()}`;
    const form = createForm(given, boundary);
    const contentType = `multipart/form-data; boundary=${boundary}`;
    const call = { credential: given.credential, edge: "media", contentType, body: form.body, read, wanted } as const;
    const uploaded: Result<UploadedMedia, NotTaken> = await exchange(call, timeoutMs, (taken) => taken);
    form.release();
    if (form.hasFailed()) return err({ kind: "ContentFailed" });
    return uploaded.isErr() || form.isWhole() ? uploaded : err(answeredEarly);
  }

  return inRealTime({
    upload: (given, timeoutMs) => new ResultAsync(upload(given, timeoutMs)),
    close: graph.routes.close,
  });
}

const answeredEarly: MediaError = {
  kind: "Ambiguous",
  sawSuccess: true,
  cause: "WhatsApp answered before it had received the complete file",
};

/** The body of the request (RFC 7578). The file comes last. */
function createForm({ mimeType, filename, content }: MediaUpload, boundary: string) {
  const head = [
    field(boundary, "messaging_product", "whatsapp"),
    field(boundary, "type", mimeType),
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quotable(filename)}"\r\n`,
    `Content-Type: ${mimeType}\r\n\r\n`,
  ].join("");
  const source = content[Symbol.asyncIterator]();
  let hasFailed = false;
  let isWhole = false;

  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(head);
    try {
      yield* { [Symbol.asyncIterator]: () => source };
    } catch (error) {
      hasFailed = true;
      throw error;
    }
    isWhole = true;
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  return {
    body: body(),
    hasFailed: () => hasFailed,
    /** The content was sent completely. */
    isWhole: () => isWhole,
    /** A body that was never started does not release its content by itself. */
    release: () => void source.return?.().catch(() => {}),
  };
}

function field(boundary: string, name: string, value: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

/** Escapes like browsers do (HTML, "multipart/form-data encoding algorithm"). */
function quotable(filename: string): string {
  return filename.replaceAll(/[\r\n"]/g, (character) => encodeURIComponent(character));
}
