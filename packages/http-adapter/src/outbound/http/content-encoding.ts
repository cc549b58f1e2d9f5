import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";

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
 * Decodes the body of an answer whose server encoded it although `identity` was requested. A body that cannot be decoded, or would
 * exceed `maxBytes`, stays encoded, and is then as unreadable as truncated JSON.
 */
export function decodeBody(body: Buffer, contentEncoding: string, maxBytes: number): Buffer {
  if (body.length === 0) return body;
  const layers = contentEncoding
    .toLowerCase()
    .split(",")
    .map((layer) => layer.trim())
    .filter((layer) => layer !== "" && layer !== "identity");
  if (layers.length > mostLayers) return body;
  try {
    const decode = (encoded: Buffer, layer: string): Buffer => decoderOf(layer)(encoded, { maxOutputLength: maxBytes });
    return layers.reduceRight(decode, body);
  } catch {
    return body;
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
