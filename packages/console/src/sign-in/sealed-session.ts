import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** What the cookie of a signed-in browser says. */
export interface Session {
  /** Its own id, so that it can be ended before it expires. */
  readonly id: string;
  readonly apiKey: string;
  readonly expiresAt: Date;
}

/** With what the sessions of a caller are sealed: 32 bytes. Undefined for one that may have none. */
export type SessionSecret = (caller: string) => Uint8Array | undefined;

const cipher = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;

/** The longest text that is looked at. A key has 53 characters. */
const longest = 2000;

/** Writes a session as text that only a holder of the secret can read or make. Undefined if the caller has no secret. */
export function sealSession(session: Session, caller: string, secretOf: SessionSecret): string | undefined {
  const secret = secretOf(caller);
  if (!secret) return undefined;
  const iv = randomBytes(ivBytes);
  const name = Buffer.from(caller).toString("base64url");
  const sealing = createCipheriv(cipher, secret, iv).setAAD(Buffer.from(name));
  const { id, apiKey, expiresAt } = session;
  const plain = JSON.stringify([id, apiKey, expiresAt.getTime()]);
  const sealed = Buffer.concat([iv, sealing.update(plain, "utf8"), sealing.final(), sealing.getAuthTag()]);
  return `${name}.${sealed.toString("base64url")}`;
}

/** Reads a session. Undefined if the text is none, was changed, or was sealed with another secret. */
export function openSession(text: string, secretOf: SessionSecret): Session | undefined {
  if (text.length > longest) return undefined;
  const [name = "", sealed = ""] = text.split(".");
  const secret = secretOf(Buffer.from(name, "base64url").toString());
  const bytes = Buffer.from(sealed, "base64url");
  if (!secret || bytes.length <= ivBytes + tagBytes) return undefined;
  try {
    const opening = createDecipheriv(cipher, secret, bytes.subarray(0, ivBytes))
      .setAAD(Buffer.from(name))
      .setAuthTag(bytes.subarray(-tagBytes));
    const plain = Buffer.concat([opening.update(bytes.subarray(ivBytes, -tagBytes)), opening.final()]);
    const [id, apiKey, expiresMs] = JSON.parse(plain.toString()) as [string, string, number];
    return { id, apiKey, expiresAt: new Date(expiresMs) };
  } catch {
    return undefined;
  }
}
