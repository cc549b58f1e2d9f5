import { createHmac, timingSafeEqual } from "node:crypto";

import type { Secret } from "@message-sender/core";

/** The digest in an `X-Hub-Signature-256` header. Undefined if malformed: then the body need not be read. */
export function parseSignature(header: string | undefined): Buffer | undefined {
  const [, hex] = /^sha256=([0-9a-fA-F]{64})$/.exec(header ?? "") ?? [];
  return hex === undefined ? undefined : Buffer.from(hex, "hex");
}

/**
 * Whether a signature is the HMAC-SHA256 of the bytes under one of the app's secrets (Meta, "Webhooks: validating payloads").
 * It covers the raw bytes: JSON that was parsed and serialised again has another signature.
 */
export function isSigned(body: Uint8Array, signature: Buffer, secrets: readonly Secret[]): boolean {
  return secrets.some((secret) =>
    timingSafeEqual(signature, createHmac("sha256", secret.reveal()).update(body).digest()),
  );
}
