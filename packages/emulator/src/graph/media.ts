import { type Answer, json } from "../http/answer.ts";
import { isRecord } from "../json/records.ts";
import type { GraphRequest } from "./graph-access.ts";
import { type GraphError, graphErrorAnswer } from "./graph-error.ts";
import { bareType, mediaLimits } from "./media-types.ts";
import type { Form } from "../http/multipart.ts";
import type { Draft } from "../http/request-record.ts";
import { setBounded } from "../collections/bounded-map.ts";

/** A file that was uploaded; its bytes are gone. */
export interface GraphMedia {
  readonly id: string;
  /** By the emulator's clock. */
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
  /** Uploaded to the number, and not longer than 30 days ago. */
  has(phoneNumberId: string, id: string): boolean;
  all(): readonly GraphMedia[];
  clear(): void;
}

const livesMs = 30 * 24 * 60 * 60 * 1_000;

export function createMediaStore(keep: number, now: () => number): MediaStore {
  const known = new Map<string, GraphMedia>();
  let count = 0;

  return {
    upload({ body, phoneNumberId }) {
      const form = isRecord(body) ? (body as unknown as Form) : undefined;
      const refusal = refusalOfForm(form);
      const file = form?.files[0];
      if (refusal || !file) return refusal ?? parameter("The parameter file is required.");
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
    has(phoneNumberId, id) {
      const media = known.get(id);
      return media !== undefined && media.phoneNumberId === phoneNumberId && now() < media.at + livesMs;
    },
    all: () => [...known.values()],
    clear: () => known.clear(),
  };
}

/** Answers an upload whose form was read, and writes the new id into its entry. */
export function answerUpload(store: MediaStore, entry: Draft<GraphRequest>, nextTraceId: () => string): Answer {
  const taken = store.upload(entry);
  if ("code" in taken) return graphErrorAnswer(taken, nextTraceId());
  entry.mediaId = taken.id;
  return json(200, { id: taken.id });
}

function refusalOfForm(form: Form | undefined): GraphError | undefined {
  if (!form) return parameter("The request is not a form with a file.");
  const { fields, files } = form;
  const product = fields["messaging_product"];
  if (product === undefined) return parameter("The parameter messaging_product is required.");
  if (product !== "whatsapp") {
    return parameter(`Param messaging_product must be one of {WHATSAPP} - got ${JSON.stringify(product)}.`);
  }
  const file = files[0];
  if (!file || file.field !== "file") return parameter("The parameter file is required.");
  if (fields["type"] === undefined) return parameter("The parameter type is required.");
  const mimeType = bareType(file.mimeType);
  const limit = Object.hasOwn(mediaLimits, mimeType) ? mediaLimits[mimeType] : undefined;
  if (limit === undefined) {
    const types = Object.keys(mediaLimits).join(", ");
    return parameter(
      `Param file must be a file with one of the following types: ${types}. Received file of type '${mimeType}'.`,
    );
  }
  if (bareType(fields["type"]) !== mimeType) {
    return { code: 131053, details: `The type is ${fields["type"]}, and that of the file ${mimeType}.` };
  }
  if (file.size === 0) return { code: 131053, details: "The file is empty." };
  if (file.size > limit) {
    return { code: 131053, details: `The file has ${file.size} bytes; ${mimeType} may have ${limit}.` };
  }
  return undefined;
}

function parameter(message: string): GraphError {
  return { code: 100, message, details: message };
}
