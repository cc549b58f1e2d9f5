import { outlet, tenant } from "./running-service.ts";

const boundary = "boundary-of-the-test";

/** A form with a file that is made while it is sent. */
export function mediaForm(file: AsyncIterable<Uint8Array>, { filename = "a.pdf", mimeType = "application/pdf" } = {}) {
  const field = (name: string, value: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(
      `${field("tenant_id", tenant)}${field("outlet_id", outlet)}--${boundary}\r\n` +
        `Content-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: ${mimeType}\r\n\r\n`,
    );
    yield* file;
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  return { body: body(), headers: { "content-type": `multipart/form-data; boundary=${boundary}` } };
}

/** `size` bytes, never in memory together. */
export async function* bytes(size: number): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; left -= pieceSize) yield Buffer.alloc(Math.min(left, pieceSize), "%");
}

const pieceSize = 64 * 1024;
