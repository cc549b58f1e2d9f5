import { hash, hkdfSync, randomBytes, randomUUID } from "node:crypto";
import { crc32 } from "node:zlib";

/**
 * A key is `msk_`, 256 random bits in 43 characters, and a checksum in 6. The prefix and the checksum let secret scanners find a key
 * in text without false alarms.
 */
const form = /^msk_[0-9A-Za-z]{49}$/;
const prefix = "msk_";
const randomCharacters = 43;
const checksumCharacters = 6;

/** How many characters of a key may be shown, so that its owner recognises it. */
const shownCharacters = prefix.length + 4;

/** A new API key. It is a secret: store only its digest. */
export function createApiKey(): string {
  const random = base62(BigInt(`0x${randomBytes(32).toString("hex")}`), randomCharacters);
  return `${prefix}${random}${checksumOf(random)}`;
}

/** A new id of a key, which is no secret. */
export function createKeyId(): string {
  return `key_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
}

/** Whether a text has the form and the checksum of a key. A mistyped or shortened key has not. */
export function isApiKey(text: string): boolean {
  return form.test(text) && text.endsWith(checksumOf(text.slice(prefix.length, -checksumCharacters)));
}

/** The SHA-256 of a key, in hexadecimal. A slow hash would protect guessable passwords: 256 random bits cannot be guessed. */
export function digestOf(apiKey: string): string {
  return hash("sha256", apiKey, "hex");
}

/**
 * With what a session of a key is sealed: every process that has the key's digest can open it. The digest alone makes no session, since
 * the key itself is sealed in it.
 */
export function sessionSecretOf(digest: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", Buffer.from(digest, "hex"), "", "message-sender session", 32));
}

export function shownPartOf(apiKey: string): string {
  return apiKey.slice(0, shownCharacters);
}

/**
 * What the log may say of a key that is mistyped or revoked: the characters that `shownPartOf` shows after the prefix, since no line
 * of a log may look like a key. Undefined if the text is not recognisable as a key: it may be another secret.
 */
export function hintOf(text: string): string | undefined {
  return recognisable.test(text) ? shownPartOf(text).slice(prefix.length) : undefined;
}

const recognisable = /^msk_[0-9A-Za-z]{16}/;

function checksumOf(random: string): string {
  return base62(BigInt(crc32(random)), checksumCharacters);
}

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function base62(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest /= 62n) text = `${digits[Number(rest % 62n)]}${text}`;
  return text;
}
