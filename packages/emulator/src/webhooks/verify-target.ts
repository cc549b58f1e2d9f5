import { randomInt } from "node:crypto";

import { outgoingFetch } from "../http/outgoing-fetch.ts";
import { reasonOf } from "./post-webhook.ts";
import { verifierUserAgent } from "./webhook-signature.ts";

/**
 * Asks an endpoint for its consent, as Meta does when a callback URL is set: `hub.challenge` must come back with status 200
 * (Graph API, "Webhooks": verification requests). undefined: it did; otherwise why not.
 */
export async function verifyTarget(url: string, verifyToken: string, timeoutMs: number): Promise<string | undefined> {
  const challenge = String(randomInt(1_000_000_000, 2_000_000_000));
  const asked = new URL(url);
  asked.searchParams.set("hub.mode", "subscribe");
  asked.searchParams.set("hub.challenge", challenge);
  asked.searchParams.set("hub.verify_token", verifyToken);
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await outgoingFetch(asked, {
      headers: { "user-agent": verifierUserAgent },
      redirect: "manual",
      signal,
    });
    const body = await response.text();
    if (response.status !== 200) return `the endpoint answered ${response.status} to hub.challenge`;
    return body === challenge ? undefined : "the endpoint did not answer with hub.challenge";
  } catch (cause) {
    return `the endpoint gave no answer to hub.challenge: ${reasonOf(cause)}`;
  }
}
