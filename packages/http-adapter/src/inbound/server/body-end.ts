/** Returns how many of the bytes belong to the arriving body. Must be called with all bytes of the body, in order. */
export type BodyEnd = (bytes: Buffer) => number;

/** The end of a body of `length` bytes. Bytes after the end count as the body's: the parser decides about them. */
export function sizedBody(length: number): BodyEnd {
  let left = length;
  return (bytes) => {
    if (left === 0) return bytes.length;
    const size = Math.min(left, bytes.length);
    left -= size;
    return size;
  };
}

/** The end of a chunked body (RFC 9112, section 7.1), after its trailers. For a malformed body any result will do: the parser rejects it. */
export function chunkedBody(): BodyEnd {
  let part: "size" | "extension" | "data" | "trailers" | "over" = "size";
  let size = 0;
  let dataLeft = 0;
  let isLineEmpty = true;

  function endLine(): void {
    part = size === 0 ? "trailers" : "data";
    dataLeft = size + lineEnd;
    size = 0;
  }

  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      if (part === "over") return bytes.length;
      if (part === "data") {
        const skipped = Math.min(dataLeft, bytes.length - at);
        at += skipped;
        dataLeft -= skipped;
        if (dataLeft === 0) part = "size";
        continue;
      }
      const code = bytes[at] ?? 0;
      at += 1;
      if (part === "trailers") {
        if (code !== lineFeed) isLineEmpty &&= code === carriageReturn;
        else if (isLineEmpty) {
          part = "over";
          return at;
        } else isLineEmpty = true;
      } else if (code === lineFeed) endLine();
      else if (part === "size") {
        const digit = digitOf(code);
        if (digit === undefined) part = "extension";
        else size = size * 16 + digit;
      }
    }
    return at;
  };
}

const carriageReturn = 13;
const lineFeed = 10;
const lineEnd = 2;

function digitOf(code: number): number | undefined {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : undefined;
}
