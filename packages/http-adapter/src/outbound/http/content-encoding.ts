import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";

import type { HttpAnswer } from "./exchange.ts";

interface Limit {
  readonly maxOutputLength: number;
}

type Decode = (body: Buffer, limit: Limit) => Buffer;

const decoders: Readonly<Record<string, Decode>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflated,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

const mostLayers = 3;

/**
 * Decodes an answer's body if the server encoded it although `identity` was requested. A body that cannot be decoded, or would
 * exceed `maxBytes`, stays encoded, and is then as unreadable as truncated JSON.
 */
export function decodeAnswer(answer: HttpAnswer, maxBytes: number): HttpAnswer {
  const header = answer.headers["content-encoding"];
  if (header === undefined || answer.body.length === 0) return answer;
  const layers = String(header)
    .toLowerCase()
    .split(",")
    .map((layer) => layer.trim())
    .filter((layer) => layer !== "" && layer !== "identity");
  if (layers.length > mostLayers) return answer;
  try {
    const decode = (body: Buffer, layer: string): Buffer => decoderOf(layer)(body, { maxOutputLength: maxBytes });
    return { ...answer, body: layers.reduceRight(decode, answer.body) };
  } catch {
    return answer;
  }
}

function decoderOf(layer: string): Decode {
  const decode = Object.hasOwn(decoders, layer) ? decoders[layer] : undefined;
  if (!decode) throw new TypeError("unknown content encoding");
  return decode;
}

/** Some servers omit the zlib header that HTTP requires for deflate (RFC 9110, 8.4.1.2). */
function inflated(body: Buffer, limit: Limit): Buffer {
  const hasHeader = ((body[0] ?? 0) & 0x0f) === 8 && body.length > 1 && body.readUInt16BE(0) % 31 === 0;
  return hasHeader ? inflateSync(body, limit) : inflateRawSync(body, limit);
}
