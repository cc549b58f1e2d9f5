const endOfHead = "\r\n\r\n";
const beginningsOfEnd = [3, 2, 1].map((length) => Buffer.from(endOfHead.slice(0, length)));

/**
 * How many of the bytes of a head can be parsed without going into what comes behind it: Node builds every request in what it
 * parses, some thousand in 64 KB. 0 where more must come first.
 */
export function headSize(bytes: Buffer): number {
  const end = bytes.indexOf(endOfHead);
  if (end !== -1) return end + endOfHead.length;
  const begun = beginningsOfEnd.find((part) => bytes.subarray(-part.length).equals(part));
  return bytes.length - (begun?.length ?? 0);
}

/** Without the empty lines that may come before a request. */
export function withoutEmptyLines(bytes: Buffer): Buffer {
  let at = 0;
  while (bytes[at] === carriageReturn || bytes[at] === lineFeed) at += 1;
  return at === 0 ? bytes : bytes.subarray(at);
}

const carriageReturn = 13;
const lineFeed = 10;
