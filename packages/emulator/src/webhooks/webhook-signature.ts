import { createHmac } from "node:crypto";

/** What Meta sends in `X-Hub-Signature-256` with this body, as UTF-8. */
export function signWebhook(body: string, appSecret: string): string {
  return `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
}
