import type { Delivery, WebhookRecord } from "./delivery.ts";
import { signWebhook } from "./webhook-signature.ts";
import type { WebhookTarget } from "./webhook-target.ts";

interface Post {
  readonly delivery: Delivery;
  readonly attempt: number;
  readonly target: WebhookTarget;
  readonly timeoutMs: number;
  /** Aborted by the timeout too. */
  readonly abort: AbortController;
}

/** Makes one attempt at a webhook; undefined: there was nothing to send. */
export async function postWebhook(post: Post): Promise<WebhookRecord | undefined> {
  const { delivery, attempt, target, timeoutMs, abort } = post;
  const encoded = delivery.encode();
  if (!encoded) return undefined;
  const { body, statuses } = encoded;
  const { url, appSecret } = target;
  const request = { at: Date.now(), url, kind: delivery.kind, statuses, attempt };
  const timer = setTimeout(() => abort.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-hub-signature-256": signWebhook(body, appSecret) },
      body,
      redirect: "manual",
      signal: abort.signal,
    });
    await response.arrayBuffer();
    return { ...request, responseStatus: response.status };
  } catch (cause) {
    return { ...request, error: reasonOf(cause) };
  } finally {
    clearTimeout(timer);
  }
}

/** fetch puts the reason into `cause`, which has a code when the socket failed. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause ? String(cause.code) : cause.message;
}
