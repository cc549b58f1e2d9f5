import { isUtf8 } from "node:buffer";

/** The JSON value of a body. Undefined if it is not JSON in UTF-8. A byte order mark is ignored (RFC 8259, 8.1). */
export function parseJsonBody(body: Buffer): unknown {
  const start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  try {
    return isUtf8(body) ? JSON.parse(body.toString("utf8", start)) : undefined;
  } catch {
    return undefined;
  }
}
