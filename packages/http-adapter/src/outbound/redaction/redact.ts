import type { Secret } from "@message-sender/core";

import { holdsToken } from "./token-traces.ts";

const redacted = "[redacted]";

/**
 * One printable line of at most `length` characters in which no access token is left: neither this one, in whatever
 * encoding, nor what looks like one of Meta's. Where a token is hidden in the line, nothing of the line is left.
 */
export function redactLine(text: string, length: number, token?: Secret): string {
  // Control characters go first, so that none can hide a token, and the cut comes last, so that it cannot leave a part of one.
  const line = text
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
  const value = token?.reveal();
  const known = value ? line.replaceAll(value, redacted) : line;
  const cut = withoutMetaTokens(known).slice(0, length).toWellFormed();
  return token && holdsToken(cut, token) ? redacted : cut;
}

/** Meta's tokens begin with EAA, which is RUFB in base64. */
const metaToken = /(?:EAA[A-Za-z0-9]{20,}|RUFB[A-Za-z0-9+/_-]{28,}=*)/g;

function withoutMetaTokens(text: string): string {
  return text.replace(metaToken, redacted);
}

/**
 * An answer's value as far as it may be kept. Where a text of it holds the token there is a `null`, which no schema takes for
 * an id; an object with a key that holds it becomes `null` too.
 */
export function withoutToken(value: unknown, bytes: Buffer, token: Secret): unknown {
  return holdsToken(bytes.toString(), token) ? cleaned(value, token, 0) : value;
}

/** Deeper than anything that is read of an answer. */
const deepest = 32;

function cleaned(value: unknown, token: Secret, depth: number): unknown {
  if (typeof value === "string") return holdsToken(value, token) ? null : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return null;
  if (Array.isArray(value)) return value.map((element) => cleaned(element, token, depth + 1));
  const members = Object.entries(value);
  if (members.some(([key]) => holdsToken(key, token))) return null;
  return Object.fromEntries(members.map(([key, member]) => [key, cleaned(member, token, depth + 1)]));
}
