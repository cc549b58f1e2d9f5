import type { Secret } from "@message-sender/core";

import { isTelling, lettersAndDigits, spellingsOf } from "./token-traces.ts";

/** The register of the secrets that no text may contain. Whoever receives a secret adds it here. */
export interface KnownSecrets {
  /** Remembers a secret for good. Secrets with fewer than eight letters and digits are ignored. False if it was known. */
  keep(secret: Secret): boolean;
  /**
   * Remembers a secret. Of more than ten thousand, one that was not added again for the longest time is forgotten. To add a known
   * secret costs one look-up in a map. False if it was known.
   */
  add(secret: Secret): boolean;
  /**
   * The text without these secrets, and without anything that looks like a token. If a secret is disguised (in base64, in
   * hexadecimal, percent-encoded, over several lines) or only a part of it is there, the complete text is redacted.
   */
  redact(text: string): string;
}

/** How many secrets are remembered beside those that are kept. Each takes about 2.5 KB, and 30 µs to add. */
const mostKnown = 10_000;
/** Searching for parts of one length needs one look per character of the text, however many secrets there are. */
const partLength = 12;
const shortLength = 8;
/** Parts of each spelling, evenly spaced: a sixth of a secret, and a bit more, contains one of them completely. */
const mostParts = 6;

const redacted = "[redacted]";

/** Where a part is from. */
interface Part {
  readonly secret: Secret;
  /** The complete spelling, if the part could be a word: then only the complete spelling counts. */
  readonly whole: string | undefined;
}

interface Known {
  readonly secret: Secret;
  readonly parts: readonly string[];
  isKept: boolean;
  /** Whether it was added again since it was last considered for being forgotten. */
  isInUse: boolean;
}

/** Secrets that are replaced wherever they occur in a text. None is known at first. */
export function createKnownSecrets(): KnownSecrets {
  const known = new Map<string, Known>();
  let forgettable = 0;
  const parts = new Map<string, Part>();
  /** Of secrets that are shorter than a part. */
  const shortParts = new Map<string, Part>();

  function keep(secret: Secret): boolean {
    const again = known.get(secret.reveal());
    if (again) {
      if (!again.isKept) forgettable -= 1;
      again.isKept = true;
      return false;
    }
    remember(secret, true);
    return true;
  }

  function add(secret: Secret): boolean {
    const again = known.get(secret.reveal());
    if (again) {
      again.isInUse = true;
      return false;
    }
    if (forgettable >= mostKnown) forgetOne();
    forgettable += 1;
    remember(secret, false);
    return true;
  }

  function remember(secret: Secret, isKept: boolean): void {
    known.set(secret.reveal(), { secret, parts: index(secret), isKept, isInUse: false });
  }

  /** The oldest that is not in use. Those in use go behind the newest, and must be added again to be spared again. */
  function forgetOne(): void {
    for (const [value, each] of known) {
      if (!each.isKept && !each.isInUse) return forget(value, each);
      known.delete(value);
      known.set(value, each);
      each.isInUse = false;
    }
  }

  /** Returns the parts by which the secret is found. */
  function index(secret: Secret): readonly string[] {
    const added: string[] = [];
    const telling: Part = { secret, whole: undefined };
    for (const { text, isClear } of spellingsOf(secret.reveal())) {
      const isShort = text.length < partLength;
      const [length, into] = isShort ? [shortLength, shortParts] : [partLength, parts];
      const plain = text.toLowerCase();
      const whole: Part = { secret, whole: plain };
      for (const at of partsOf(text.length, length)) {
        const isWord = isShort || (isClear && !isTelling(text.slice(at, at + length)));
        const part = plain.slice(at, at + length);
        into.set(part, isWord ? whole : telling);
        added.push(part);
      }
    }
    return added;
  }

  /** Secrets may share a part. */
  function forget(value: string, { secret, parts: ofSecret }: Known): void {
    known.delete(value);
    forgettable -= 1;
    for (const part of ofSecret)
      for (const from of [parts, shortParts]) if (from.get(part)?.secret === secret) from.delete(part);
  }

  function find(text: string): Secret | undefined {
    const plain = lettersAndDigits(text);
    return findPart(plain, parts, partLength) ?? findPart(plain, shortParts, shortLength);
  }

  return {
    keep,
    add,
    redact(text) {
      let clean = withoutTokens(text);
      for (let secret = find(clean); secret; secret = find(clean)) {
        const without = clean.replaceAll(secret.reveal(), redacted);
        if (without === clean) return redacted;
        clean = without;
      }
      return clean;
    },
  };
}

function findPart(plain: string, parts: ReadonlyMap<string, Part>, length: number): Secret | undefined {
  if (parts.size === 0) return undefined;
  for (let at = 0; at + length <= plain.length; at += 1) {
    const part = parts.get(plain.slice(at, at + length));
    if (part && (part.whole === undefined || plain.includes(part.whole))) return part.secret;
  }
  return undefined;
}

/** Where the parts of a text of this length begin. */
function partsOf(textLength: number, length: number): readonly number[] {
  if (textLength < length) return [];
  const count = Math.min(mostParts, Math.floor(textLength / length));
  const step = count === 1 ? 0 : (textLength - length) / (count - 1);
  return Array.from({ length: count }, (_, index) => Math.floor(index * step));
}

/** Meta's tokens (EAA, which is RUFB in base64), our API keys, signing secrets, bearer tokens, and passwords in URLs. */
const tokens =
  /EAA[A-Za-z0-9]{20,}|RUFB[A-Za-z0-9+/_-]{28,}=*|\bmsk_[0-9A-Za-z_-]{16,}|\bwhsec_[0-9A-Za-z+/=]{16,}|(?<=\b[Bb]earer\s+)[^\s"',]{8,}|(?<=\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g;

function withoutTokens(text: string): string {
  return text.replace(tokens, redacted);
}
