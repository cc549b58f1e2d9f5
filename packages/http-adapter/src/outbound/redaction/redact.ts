import type { Secret } from "@message-sender/core";

import { holdsToken } from "./token-traces.ts";

const redacted = "[redacted]";

/**
 * A printable line of at most `length` characters without access tokens: neither this token, in any encoding, nor anything that
 * looks like one of Meta's. If the line contains the token in disguise, the complete line is redacted.
 */
export function redactLine(text: string, length: number, token?: Secret): string {
  // Removes control characters first, so that none can hide a token, and cuts last, so that no part of a token remains.
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
 * An answer's value without the token. A string that contains it becomes `null`, which no schema accepts as an id, and so does an
 * object with such a key.
 */
export function withoutToken(value: unknown, bytes: Buffer, token: Secret): unknown {
  return holdsToken(bytes.toString(), token) ? cleaned(value, token, 0) : value;
}

/**
 * What `read` finds in an answer's value, without the token, in the strings that stand directly in the result. It is as if `read` got
 * the value of `withoutToken`, but only what is kept of an answer is searched.
 */
export function readWithoutToken<T extends object>(
  value: unknown,
  token: Secret,
  read: (value: unknown) => T | undefined,
): T | undefined {
  const found = read(value);
  if (found === undefined) return undefined;
  return holdsToken(textOf(found), token) ? read(cleaned(value, token, 0)) : found;
}

/** All strings of a result, one after the other. Together they may seem to hold a token that none of them holds. */
function textOf(found: object): string {
  let text = "";
  for (const field of Object.values(found)) if (typeof field === "string") text += field;
  return text;
}

/** No field that we read is nested deeper. */
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
