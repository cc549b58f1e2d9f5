import { createHmac } from "node:crypto";

/** Whether a callback was signed with this secret, as Standard Webhooks says (standardwebhooks.com, "Signature scheme"). */
export function isSigned(
  body: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  secret: string,
): boolean {
  const [id, timestamp, given] = [headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"]];
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key)
    .update(`${String(id)}.${String(timestamp)}.${body}`)
    .digest("base64");
  return typeof given === "string" && given.split(" ").includes(`v1,${signature}`);
}
