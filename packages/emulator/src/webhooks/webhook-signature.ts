import { createHmac } from "node:crypto";

/** The `X-Hub-Signature-256` header that Meta sends with this body, encoded as UTF-8. */
export function signWebhook(body: string, appSecret: string): string {
  return `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
}
