import { createHmac } from "node:crypto";

import type { Answer } from "../../http/answer.ts";
import { unknownObject } from "../access/graph-access.ts";
import type { GraphError } from "../graph-error.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { isForWhatsApp, ok, success, text } from "../objects/parameters.ts";
import { checkFile } from "./check-file.ts";
import type { MediaStore } from "./media-store.ts";
import { rangeOf } from "./range.ts";

interface MediaOperationDeps {
  readonly media: () => MediaStore;
  readonly now: () => number;
  /** Whether the token may use the number. */
  readonly mayRead: (token: string | undefined, phoneNumberId: string) => GraphError | undefined;
}

const urlLifetimeMs = 5 * 60 * 1_000;
const attachments = "whatsapp_business/attachments";

/** Upload, read, download and delete (Cloud API, "Media"). */
export function mediaOperations({ media, now, mayRead }: MediaOperationDeps): readonly Operation[] {
  function upload({ id: phoneNumberId, params, files, entry }: Ask): Answer | GraphError {
    const [file] = files.filter(({ field }) => field === "file");
    const refusal = isForWhatsApp(params) ?? checkFile(file, params["type"]);
    if (refusal || !file) return refusal ?? { code: 100 };
    const { mimeType, filename, bytes, sha256 } = file;
    const { id } = media().add({ phoneNumberId, mimeType, filename, bytes, sha256 });
    entry.mediaId = id;
    return ok({ id });
  }

  /** The file, if it is that of the number that the call may name. */
  function find({ id, params }: Ask): ReturnType<MediaStore["find"]> {
    const found = media().find(id);
    const number = text(params, "phone_number_id");
    return number === "" || found?.phoneNumberId === number ? found : undefined;
  }

  function read(ask: Ask): Answer | GraphError {
    const { id, url } = ask;
    const found = find(ask);
    if (!found) return unknownObject(id, "get");
    const expiresAt = Math.floor((now() + urlLifetimeMs) / 1_000);
    const query = new URLSearchParams({ mid: id, source: "getMedia", ext: String(expiresAt) });
    query.set("hash", signatureOf(id, expiresAt));
    return ok({
      messaging_product: "whatsapp",
      url: `${new URL(url).origin}/${attachments}/?${query.toString()}`,
      mime_type: found.mimeType,
      sha256: found.sha256,
      // Meta's OpenAPI file has a string.
      file_size: String(found.size),
      id,
    });
  }

  /** The URL is good for five minutes, and needs the token (Cloud API, "Download media"). */
  function download({ params, headers, token }: Ask): Answer | GraphError {
    const id = text(params, "mid");
    const expiresAt = Number(params["ext"]);
    const found = media().find(id);
    const isGood = params["hash"] === signatureOf(id, expiresAt) && now() < expiresAt * 1_000;
    if (!found || !isGood) return { status: 404, headers: {}, body: "" };
    if (token === undefined || mayRead(token, found.phoneNumberId)) return { status: 401, headers: {}, body: "" };
    const { size, bytes, mimeType, filename } = found;
    const common = {
      "content-type": mimeType,
      "accept-ranges": "bytes",
      "cache-control": "private, max-age=300",
      "content-disposition": `inline; filename*=UTF-8''${encodeURIComponent(filename)}`,
    };
    const range = rangeOf(headers["range"], size);
    if (range === undefined) return { status: 200, headers: common, body: bytes.read() };
    if (range === "unsatisfiable") {
      return { status: 416, headers: { ...common, "content-range": `bytes */${size}` }, body: "" };
    }
    const { from, to } = range;
    const headersOfPart = { ...common, "content-range": `bytes ${from}-${to}/${size}` };
    return { status: 206, headers: headersOfPart, body: bytes.read(from, to + 1) };
  }

  function remove(ask: Ask): Answer | GraphError {
    const { id } = ask;
    if (!find(ask)) return unknownObject(id, "delete");
    media().remove(id);
    return success;
  }

  return [
    { method: "POST", on: "number", edge: "media", answer: upload },
    { method: "GET", on: "media", edge: "", answer: read },
    { method: "DELETE", on: "media", edge: "", answer: remove },
    { method: "GET", on: "root", edge: attachments, answer: download },
  ];
}

function signatureOf(id: string, expiresAt: number): string {
  return createHmac("sha256", "media").update(`${id}/${expiresAt}`).digest("base64url");
}
