const endOfHead = Buffer.from("\r\n\r\n");
const beginningsOfEnd = [3, 2, 1].map((length) => endOfHead.subarray(0, length));

/**
 * How many bytes can be parsed without reaching into the data after the head. Node creates every request in the bytes that it
 * parses, and 64 KB may hold thousands. 0 if more bytes are needed.
 */
export function headSize(bytes: Buffer): number {
  const end = bytes.indexOf(endOfHead);
  if (end !== -1) return end + endOfHead.length;
  const begun = beginningsOfEnd.find((part) => bytes.subarray(-part.length).equals(part));
  return bytes.length - (begun?.length ?? 0);
}

/** Removes the empty lines that may precede a request. */
export function withoutEmptyLines(bytes: Buffer): Buffer {
  let at = 0;
  while (bytes[at] === carriageReturn || bytes[at] === lineFeed) at += 1;
  return at === 0 ? bytes : bytes.subarray(at);
}

const carriageReturn = 13;
const lineFeed = 10;
