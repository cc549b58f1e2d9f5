import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A new value for the cookie from which the tokens of forms are made. */
export function newFormSecret(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * The token that each form of a browser has. Another site can neither read it nor make it: it depends on two cookies that only the
 * browser and this server see. Signing in or out makes another one.
 */
export function formTokenOf(formSecret: string, session: string | undefined): string {
  return createHash("sha256")
    .update(`message-sender form\n${formSecret}\n${session ?? ""}`)
    .digest("base64url");
}

/** Compares in constant time. */
export function isSameToken(given: string | undefined, expected: string): boolean {
  const [one, other] = [Buffer.from(given ?? ""), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
