import type { Secret } from "@message-sender/core";

/** One printable line of at most `length` characters in which no access token is left: neither this one nor what looks like one of Meta's. */
export function redactLine(text: string, length: number, token?: Secret): string {
  // Control characters go first, so that none can hide a token, and the cut comes last, so that it cannot leave a part of one.
  const line = text
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
  const value = token?.reveal();
  const known = value ? line.replaceAll(value, "[redacted]") : line;
  return known
    .replace(/EAA[A-Za-z0-9]{20,}/g, "[redacted]")
    .slice(0, length)
    .toWellFormed();
}
