import { isUtf8 } from "node:buffer";

/** The JSON value of a body; `undefined` where it is not JSON in UTF-8. */
export function parseJsonBody(body: Buffer): unknown {
  try {
    return isUtf8(body) ? JSON.parse(body.toString()) : undefined;
  } catch {
    return undefined;
  }
}
