import { crc32, deflateSync } from "node:zlib";

import { qrMatrix } from "./qr-matrix.ts";

/** Light modules around the code. */
const margin = 4;
const pixelsPerModule = 8;

/** The QR code of a text as a picture. */
export function qrImage(text: string, format: "svg" | "png"): Uint8Array<ArrayBuffer> {
  const light = Array<boolean>(margin).fill(false);
  const rows = qrMatrix(text).map((row) => [...light, ...row, ...light]);
  const empty = Array.from({ length: margin }, () => Array<boolean>(rows.length + 2 * margin).fill(false));
  const picture = [...empty, ...rows, ...empty];
  return format === "svg" ? svgOf(picture) : pngOf(picture);
}

type Picture = readonly (readonly boolean[])[];

function svgOf(picture: Picture): Uint8Array<ArrayBuffer> {
  const { length } = picture;
  const dark = picture.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const path = `<path fill="#fff" d="M0 0h${length}v${length}H0z"/><path d="${dark.join("")}"/>`;
  return bytesOf(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${length} ${length}" shape-rendering="crispEdges">${path}</svg>`,
    ),
  );
}

/** One bit a pixel, black and white (PNG specification, "Image header" and "Filtering"). */
function pngOf(picture: Picture): Uint8Array<ArrayBuffer> {
  const width = picture.length * pixelsPerModule;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(width, 4);
  header[8] = 1;
  const lines = picture.map((row) => Buffer.from([0, ...row.map((isDark) => (isDark ? 0x00 : 0xff))]));
  const pixels = Buffer.concat(lines.flatMap((line) => Array<Buffer>(pixelsPerModule).fill(line)));
  return bytesOf(
    Buffer.concat([
      Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(pixels)),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  );
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}
