import type { FormFile } from "../../http/multipart.ts";
import type { GraphError } from "../graph-error.ts";
import { bareType, mediaLimits } from "./media-types.ts";

/** Checks a file to upload. `type` is the form's field, which may be absent, a type, or a kind such as `image`. */
export function checkFile(file: FormFile | undefined, type: unknown): GraphError | undefined {
  if (!file) return { code: 100, message: "The parameter file is required." };
  const mimeType = bareType(file.mimeType);
  const limit = Object.hasOwn(mediaLimits, mimeType) ? mediaLimits[mimeType] : undefined;
  if (limit === undefined) {
    const types = Object.keys(mediaLimits).join(", ");
    const message = `Param file must be a file with one of the following types: ${types}. Received file of type '${mimeType}'.`;
    return { code: 100, message };
  }
  if (typeof type === "string" && !fits(bareType(type), mimeType)) {
    return { code: 131053, details: `The parameter type is ${type}, but the file is ${mimeType}.` };
  }
  if (file.size === 0) return { code: 131053, details: "The file is empty." };
  if (file.size > limit) {
    return { code: 131053, details: `The file has ${file.size} bytes; the limit for ${mimeType} is ${limit}.` };
  }
  return undefined;
}

/** Clients send `image`, `image/png` and nothing; what WhatsApp keeps is the type of the file's own part. */
function fits(type: string, mimeType: string): boolean {
  const [kind] = mimeType.split("/");
  return type === "" || type === mimeType || type === kind || (type === "document" && !isVisual(kind));
}

function isVisual(kind: string | undefined): boolean {
  return kind === "image" || kind === "video" || kind === "audio";
}
