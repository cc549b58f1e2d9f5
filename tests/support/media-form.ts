import { outlet, tenant } from "./running-service.ts";

const boundary = "boundary-of-the-test";

/** A form with a file that is generated while it is sent. With `size`, the form has a Content-Length. */
export function mediaForm(
  file: AsyncIterable<Uint8Array>,
  { filename = "a.pdf", size = 0, tenant_id = tenant, outlet_id = outlet } = {},
) {
  const field = (name: string, value: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = Buffer.from(
    `${field("tenant_id", tenant_id)}${field("outlet_id", outlet_id)}--${boundary}\r\n` +
      `Content-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: application/pdf\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* body(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* file;
    yield tail;
  }
  const length = size > 0 && { "content-length": String(head.length + size + tail.length) };
  return { body: body(), headers: { "content-type": `multipart/form-data; boundary=${boundary}`, ...length } };
}

/** `size` bytes, never all in memory at once. */
export async function* bytes(size: number): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; left -= pieceSize) yield Buffer.alloc(Math.min(left, pieceSize), "%");
}

const pieceSize = 64 * 1024;
