import { Buffer } from "node:buffer";
import { hash } from "node:crypto";

import { countryOf } from "./people/calling-codes.ts";

/** Distinct for distinct counts, and the same in every run. */
export function wamidOf(recipient: string, count: number): string {
  const serial = scramble(count) + count.toString(16).toUpperCase().padStart(10, "0");
  const length = String.fromCharCode(Math.min(recipient.length, 127));
  const bytes = `\x1c\x18${length}${recipient.slice(0, 127)}\x15\x02\x00\x11\x18\x12${serial}\x00`;
  return `wamid.${Buffer.from(bytes, "latin1").toString("base64")}`;
}

export function traceIdOf(count: number): string {
  return `A${Buffer.from(scramble(count) + String(count).padStart(8, "0"), "latin1").toString("base64url")}`;
}

/** A person's business-scoped user id, the same in every run. Its country is that of the phone number. */
export function userIdOf(wabaId: string, waId: string): string {
  const digest = hash("sha256", `${wabaId}/${waId}`);
  return `${countryOf(waId)}.${BigInt(`0x${digest.slice(0, 16)}`)
    .toString()
    .padStart(20, "0")}`;
}

/** The code of a short link, in the alphabet of Meta's: 14 letters and digits. */
export function codeOf(id: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return Array.from(hash("sha256", id, "buffer").subarray(0, 14), (byte) => alphabet[byte % 32]).join("");
}

/** Multiplication by an odd number is a bijection on 32 bits: successive counts look unrelated and stay distinct. */
function scramble(count: number): string {
  return (Math.imul(count, 0x9e3779b1) >>> 0).toString(16).toUpperCase().padStart(8, "0");
}
