import type { Secret } from "@message-sender/core";

/** Real tokens have about 200 characters. A match shorter than this is a coincidence. */
const shortest = 8;
const partLength = 8;
/** For tokens up to this length, overlapping parts are searched for. */
const longestOverlapping = 64;
/** Longer, because hexadecimal text has few different characters. */
const hexPartLength = 16;

/** For each token a pattern of all its traces, as long as the token is in use. Undefined if the token is too short. */
const patterns = new WeakMap<Secret, RegExp | undefined>();

/**
 * Whether a text contains the token or an essential part of it: in plain text, base64, base64url or hexadecimal, percent-encoded
 * or escaped, in upper or lower case, and with any separators between its letters and digits. Tokens of fewer than eight letters
 * and digits are ignored.
 */
export function holdsToken(text: string, token: Secret): boolean {
  const traces = tracesOf(token);
  return traces !== undefined && traces.test(lettersAndDigits(text));
}

function tracesOf(token: Secret): RegExp | undefined {
  const known = patterns.get(token);
  if (known || patterns.has(token)) return known;
  const traces = createTraces(token.reveal());
  // Traces consist of letters and digits only.
  const found = traces.length === 0 ? undefined : new RegExp(traces.join("|"));
  patterns.set(token, found);
  return found;
}

/** A form in which a text may contain a token: letters and digits only. */
export interface Spelling {
  readonly text: string;
  /** Not encoded. */
  readonly isClear: boolean;
}

/** Empty if the token is too short. */
export function spellingsOf(token: string): readonly Spelling[] {
  const clear = token.replace(notLetterOrDigit, "");
  if (clear.length < shortest) return [];
  const { base64, hex } = encoded(token);
  return [
    { text: clear, isClear: true },
    ...[...base64, hex].flatMap((text) => (text.length < shortest ? [] : [{ text, isClear: false }])),
  ];
}

function encoded(token: string): { readonly base64: readonly string[]; readonly hex: string } {
  const bytes = Buffer.from(token);
  const base64 = [0, 1, 2].map((offset) => base64At(bytes, offset).toLowerCase());
  return { base64, hex: bytes.toString("hex") };
}

function createTraces(token: string): readonly string[] {
  const clear = token.replace(notLetterOrDigit, "");
  if (clear.length < shortest) return [];
  const { base64, hex } = encoded(token);
  const clearStep = clear.length <= longestOverlapping ? 1 : partLength;
  return [
    ...[clear.toLowerCase(), ...base64, hex].filter((whole) => whole.length >= shortest),
    ...partsOf(clear, partLength, clearStep)
      .filter(isTelling)
      .map((part) => part.toLowerCase()),
    ...base64.flatMap((text) => partsOf(text, partLength, partLength)),
    ...partsOf(hex, hexPartLength, hexPartLength),
  ];
}

/** The base64 characters of the token inside a longer text, in which it begins `offset` bytes after a group of three. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const isCut = (offset + bytes.length) % 3 !== 0;
  return text.slice(offset === 0 ? 0 : offset + 1, isCut ? -1 : undefined).replace(notLetterOrDigit, "");
}

/** Every run of `length + step` characters contains one of these parts completely. */
function partsOf(text: string, length: number, step: number): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at + length <= text.length; at += step) parts.push(text.slice(at, at + length));
  return parts;
}

/** A part that could be a word or a number does not indicate a token. */
export function isTelling(part: string): boolean {
  return /[A-Z0-9].*[A-Z0-9]/.test(part) && /[A-Za-z]/.test(part);
}

const notLetterOrDigit = /[^A-Za-z0-9]/g;

/** What is left of a text when it is decoded and stripped of everything that can separate the characters of a token. */
export function lettersAndDigits(text: string): string {
  return decoded(text).replace(notLetterOrDigit, "").toLowerCase();
}

const escape =
  /%([0-9A-Fa-f]{2})|\\u\{?([0-9A-Fa-f]{2,6})\}?|\\x([0-9A-Fa-f]{2})|&#x([0-9A-Fa-f]{1,6});|&#([0-9]{1,7});/g;
const mostLayers = 3;

function decoded(text: string): string {
  let plain = text;
  for (let layer = 0; layer < mostLayers && /[%\\&]/.test(plain); layer += 1) {
    plain = plain.replace(escape, (_, percent, unicode, byte, reference, decimal) => {
      const code =
        decimal === undefined ? Number.parseInt(percent ?? unicode ?? byte ?? reference, 16) : Number(decimal);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : "";
    });
  }
  // oxlint-disable-next-line no-control-regex
  return /[^\x00-\x7f]/.test(plain) ? plain.normalize("NFKD") : plain;
}
