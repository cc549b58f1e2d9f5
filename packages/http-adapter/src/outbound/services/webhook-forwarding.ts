import type { Secret, Unavailable } from "@message-sender/core";
import {
  type Clock,
  fromNow,
  inRealTime,
  type ReceivedWebhook,
  type WebhookForwarding,
} from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { err, ok, type ResultAsync } from "neverthrow";
import { Webhook } from "standardwebhooks";

import { createSignedPosts } from "../callbacks/signed-post.ts";
import { isSuccess } from "../http/exchange.ts";
import { parseRetryAfter } from "../http/retry-after.ts";

/** The options of `createWebhookForwarding`. */
export interface WebhookForwardingOptions {
  /** The http or https URL that webhooks are posted to. */
  readonly url: string;
  /** Base64, with or without the prefix `whsec_`. Shared with the receiver. */
  readonly secret: Secret;
  /** Time limit for the complete answer. Default: 5,000. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** The `WebhookForwarding` port over HTTP. */
export interface WebhookForwarder extends WebhookForwarding {
  /** Call it after the sender is closed. Requests in flight are aborted after a second. */
  close(): Promise<void>;
}

const maxConnections = 16;

/**
 * Posts webhooks to a URL, signed according to Standard Webhooks (standardwebhooks.com), whose libraries can verify them. Any 2xx
 * means accepted. Redirects are not followed. Throws if the URL or the secret is malformed.
 *
 * @example
 * ```ts
 * const webhookForwarding = createWebhookForwarding({ url: "https://crm.example.com/whatsapp", secret: new Secret(secret) });
 * ```
 */
export function createWebhookForwarding(options: WebhookForwardingOptions): WebhookForwarder {
  const { secret, timeoutMs = 5000, clock = createSystemClock() } = options;
  // It throws now, and not with the first webhook.
  new Webhook(secret.reveal());
  const posts = createSignedPosts(new URL(options.url), { name: "forward webhook", maxConnections, clock, timeoutMs });

  function forward({ id, body }: ReceivedWebhook): ResultAsync<void, Unavailable> {
    return posts
      .post({ id, body, secret, attributes: () => ({ "message_sender.webhook_id": id }) })
      .mapErr(({ reason, cause }) => unavailable(reason, { cause }))
      .andThen(({ status, headers: answered }) => {
        if (isSuccess(status)) return ok();
        const waitMs = parseRetryAfter(answered, clock.now());
        const retryAt = waitMs === undefined ? undefined : fromNow(clock, waitMs);
        return err(unavailable(`answered HTTP ${status}`, { retryAt }));
      });
  }

  return inRealTime({ forward, close: posts.close });
}

function unavailable(
  reason: string,
  { cause, retryAt }: { cause?: string | undefined; retryAt?: Date | undefined },
): Unavailable {
  return {
    kind: "Unavailable",
    reason: `webhook forwarding: ${reason}`,
    ...(cause !== undefined && { cause }),
    ...(retryAt && { retryAt }),
  };
}
