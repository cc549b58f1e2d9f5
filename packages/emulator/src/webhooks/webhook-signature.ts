import { createHmac } from "node:crypto";

/** The `X-Hub-Signature-256` header that Meta sends with this body, encoded as UTF-8. */
export function signWebhook(body: string, appSecret: string): string {
  return `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
}

/** The headers of a webhook. Meta still sends the older signature, `X-Hub-Signature`, beside the newer one. */
export function webhookHeaders(body: string, appSecret: string): Readonly<Record<string, string>> {
  return {
    "content-type": "application/json",
    "user-agent": userAgent,
    "x-hub-signature": `sha1=${createHmac("sha1", appSecret).update(body).digest("hex")}`,
    "x-hub-signature-256": signWebhook(body, appSecret),
  };
}

/**
 * Who sends Meta's webhooks, and who asks for `hub.challenge`. Meta documents neither; access logs of receivers that are in public
 * repositories have both (of Messenger in May 2026, of Instagram in August 2025), and receivers that let only Meta pass name them.
 */
const userAgent = "facebookexternalua";
export const verifierUserAgent = "facebookplatform/1.0 (+http://developers.facebook.com)";
