import { outgoingFetch } from "../http/outgoing-fetch.ts";
import type { EncodedWebhook, WebhookRecord } from "./delivery.ts";
import { webhookHeaders } from "./webhook-signature.ts";
import type { WebhookTarget } from "./webhook-target.ts";

interface Post {
  readonly webhook: EncodedWebhook;
  readonly attempt: number;
  readonly target: WebhookTarget;
  readonly timeoutMs: number;
  /** Aborted by the timeout too. */
  readonly abort: AbortController;
}

/** Makes one attempt at a webhook. */
export async function postWebhook({ webhook, attempt, target, timeoutMs, abort }: Post): Promise<WebhookRecord> {
  const { id, kind, about, statuses, updates, body } = webhook;
  const headers = webhookHeaders(body, target.appSecret);
  const sent = { id, at: Date.now(), url: target.url, kind, about, statuses, updates, headers, body, attempt };
  const startedAt = performance.now();
  const took = () => Math.round(performance.now() - startedAt);
  const timer = setTimeout(() => abort.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    const response = await outgoingFetch(target.url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: abort.signal,
    });
    await response.arrayBuffer();
    return { ...sent, tookMs: took(), responseStatus: response.status };
  } catch (cause) {
    return { ...sent, tookMs: took(), error: reasonOf(cause) };
  } finally {
    clearTimeout(timer);
  }
}

/** Why a request failed. fetch puts the reason into `cause`, which has a code when the socket failed. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause ? String(cause.code) : cause.message;
}
