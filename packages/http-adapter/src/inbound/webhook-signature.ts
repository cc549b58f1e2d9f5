import { createHmac, timingSafeEqual } from "node:crypto";

import type { Secret } from "@message-sender/core";

/**
 * Whether `X-Hub-Signature-256` is the HMAC-SHA256 of the bytes under one of the app's secrets (Meta, "Webhooks: validating
 * payloads"). The bytes are taken as they came: JSON that was written anew has another signature.
 */
export function isSigned(
  body: ArrayBuffer | Uint8Array,
  header: string | undefined,
  secrets: readonly Secret[],
): boolean {
  const [, hex] = /^sha256=([0-9a-fA-F]{64})$/.exec(header ?? "") ?? [];
  if (hex === undefined) return false;
  const given = Buffer.from(hex, "hex");
  const bytes = body instanceof Uint8Array ? body : new Uint8Array(body);
  return secrets.some((secret) => timingSafeEqual(given, createHmac("sha256", secret.reveal()).update(bytes).digest()));
}
