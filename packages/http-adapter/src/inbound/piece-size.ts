const endOfHead = "\r\n\r\n";
const beginningsOfEnd = [3, 2, 1].map((length) => Buffer.from(endOfHead.slice(0, length)));
const chunkedPiece = 4096;

/** What is coming in: a head, or a body whose end is known, or one whose end is not. */
export type Coming = "head" | "chunked" | { readonly bodyLeft: number };

/**
 * How many of the bytes can be parsed without going into the request behind the one that is coming in: Node builds every
 * request in what it parses, some thousand in 64 KB. 0 where more must come first.
 */
export function pieceSize(bytes: Buffer, coming: Coming): number {
  if (coming === "chunked") return Math.min(chunkedPiece, bytes.length);
  if (coming !== "head") return Math.min(coming.bodyLeft, bytes.length);
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
