import { createHash } from "node:crypto";

import { setBounded } from "../../collections/bounded-map.ts";
import { type Answer, json } from "../../http/answer.ts";
import type { Form } from "../../http/multipart.ts";
import type { Draft } from "../../http/request-record.ts";
import { isRecord } from "../../json/records.ts";
import type { GraphRequest } from "../access/graph-access.ts";
import { type GraphError, graphErrorAnswer } from "../graph-error.ts";
import { bareType, mediaLimits } from "./media-types.ts";

/** An uploaded file, without its bytes. */
export interface GraphMedia {
  readonly id: string;
  /** When it was uploaded, in milliseconds since the epoch, by the sandbox's clock. */
  readonly at: number;
  readonly phoneNumberId: string;
  readonly mimeType: string;
  readonly filename: string;
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

export interface MediaStore {
  upload(entry: Draft<GraphRequest>): GraphMedia | GraphError;
  /** Keeps a file that a customer sent. */
  addBytes(file: { phoneNumberId: string; mimeType: string; filename?: string; bytes: Uint8Array }): GraphMedia;
  /** Whether the file was uploaded to this number within the last 30 days. */
  has(phoneNumberId: string, id: string): boolean;
  all(): readonly GraphMedia[];
  clear(): void;
}

const lifetimeMs = 30 * 24 * 60 * 60 * 1_000;

export function createMediaStore(keep: number, now: () => number): MediaStore {
  const known = new Map<string, GraphMedia>();
  let count = 0;

  return {
    upload({ body, phoneNumberId }) {
      const form = isRecord(body) ? (body as unknown as Form) : undefined;
      const refusal = checkForm(form);
      const file = form?.files[0];
      if (refusal || !file) return refusal ?? badParameter("The parameter file is required.");
      count += 1;
      const { filename, size, sha256 } = file;
      const mimeType = bareType(file.mimeType);
      const media = {
        id: String(1_000_000_000_000_000 + count),
        at: now(),
        phoneNumberId,
        mimeType,
        filename,
        size,
        sha256,
      };
      setBounded(known, media.id, media, keep);
      return media;
    },
    addBytes({ phoneNumberId, mimeType, filename = "", bytes }) {
      count += 1;
      const id = String(1_000_000_000_000_000 + count);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const media = {
        id,
        at: now(),
        phoneNumberId,
        mimeType: bareType(mimeType),
        filename,
        size: bytes.length,
        sha256,
      };
      setBounded(known, id, media, keep);
      return media;
    },
    has(phoneNumberId, id) {
      const media = known.get(id);
      return media !== undefined && media.phoneNumberId === phoneNumberId && now() < media.at + lifetimeMs;
    },
    all: () => [...known.values()],
    clear: () => known.clear(),
  };
}

/** Answers an upload whose form was read, and records the new id in its log entry. */
export function answerUpload(store: MediaStore, entry: Draft<GraphRequest>, nextTraceId: () => string): Answer {
  const uploaded = store.upload(entry);
  if ("code" in uploaded) return graphErrorAnswer(uploaded, nextTraceId());
  entry.mediaId = uploaded.id;
  return json(200, { id: uploaded.id });
}

function checkForm(form: Form | undefined): GraphError | undefined {
  if (!form) return badParameter("The request body must be multipart/form-data with a file.");
  const { fields, files } = form;
  const product = fields["messaging_product"];
  if (product === undefined) return badParameter("The parameter messaging_product is required.");
  if (product !== "whatsapp") {
    return badParameter(`Param messaging_product must be one of {WHATSAPP} - got ${JSON.stringify(product)}.`);
  }
  const file = files[0];
  if (!file || file.field !== "file") return badParameter("The parameter file is required.");
  if (fields["type"] === undefined) return badParameter("The parameter type is required.");
  const mimeType = bareType(file.mimeType);
  const limit = Object.hasOwn(mediaLimits, mimeType) ? mediaLimits[mimeType] : undefined;
  if (limit === undefined) {
    const types = Object.keys(mediaLimits).join(", ");
    return badParameter(
      `Param file must be a file with one of the following types: ${types}. Received file of type '${mimeType}'.`,
    );
  }
  if (bareType(fields["type"]) !== mimeType) {
    return { code: 131053, details: `The parameter type is ${fields["type"]}, but the file is ${mimeType}.` };
  }
  if (file.size === 0) return { code: 131053, details: "The file is empty." };
  if (file.size > limit) {
    return { code: 131053, details: `The file has ${file.size} bytes; the limit for ${mimeType} is ${limit}.` };
  }
  return undefined;
}

function badParameter(message: string): GraphError {
  return { code: 100, message, details: message };
}
