import type { Secret, StatusEvent } from "@message-sender/core";
import { type Clock, eventIdOf, fromNow, type StatusDelivery } from "@message-sender/core/adapter";

import { runForMessages } from "../../trace-context.ts";
import { isSuccess, type HttpAnswer } from "../http/exchange.ts";
import { parseRetryAfter } from "../http/retry-after.ts";
import type { CallbackReceiver } from "./callback-receiver.ts";
import { encodeEvent } from "./encode-event.ts";
import { hasPrivateAddress, lookupPublic, privateAddressCode } from "./private-addresses.ts";
import { requestsAtOnce } from "./receiver-gate.ts";
import { createSignedPosts, type SignedPosts } from "./signed-post.ts";

/** Posts events to one URL. */
export interface EventPost {
  post(event: StatusEvent, secret: Secret): Promise<StatusDelivery>;
  close: SignedPosts["close"];
}

interface EventPostOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
}

const mostOfAnswer = 64 * 1024;

export function createEventPost(receiver: Pick<CallbackReceiver, "url">, options: EventPostOptions): EventPost {
  const { clock, timeoutMs, allowPrivate } = options;
  const url = new URL(receiver.url);
  const isRefused = !allowPrivate && hasPrivateAddress(url);
  const posts = createSignedPosts(url, {
    name: "status callback",
    maxConnections: requestsAtOnce,
    maxResponseBytes: mostOfAnswer,
    clock,
    timeoutMs,
    ...(!allowPrivate && { lookup: lookupPublic }),
  });
  const privateHost: StatusDelivery = {
    kind: "retry",
    reason: `${url.hostname} has a private address: set CALLBACK_ALLOW_PRIVATE=on to allow it`,
  };
  async function post(event: StatusEvent, secret: Secret): Promise<StatusDelivery> {
    if (isRefused) return privateHost;
    const { messageId, version } = event;
    const signed = {
      id: eventIdOf(event),
      body: encodeEvent(event),
      secret,
      attributes: () => ({ "message_sender.message_id": messageId, "message_sender.version": version }),
    };
    // The callback begins a trace of its own, linked to the message's.
    return runForMessages([event.traceparent], () => posts.post(signed)).match(
      (answer) => resultOf(answer, clock),
      ({ cause, status, reason }): StatusDelivery => {
        if (cause === privateAddressCode) return privateHost;
        // The receiver has decided once its head is here, whatever becomes of the rest.
        if (status !== undefined) return resultOf({ status, headers: {} }, clock);
        return { kind: "retry", reason: `the receiver did not answer: ${reason}` };
      },
    );
  }

  return { post, close: posts.close };
}

/** As Standard Webhooks says: any 2xx is success, 410 ends the delivery, and everything else is retried. */
function resultOf(
  { status: httpStatus, headers }: Pick<HttpAnswer, "status" | "headers">,
  clock: Clock,
): StatusDelivery {
  if (isSuccess(httpStatus)) return { kind: "delivered" };
  if (httpStatus === 410) return { kind: "refused", reason: "the receiver answered HTTP 410", httpStatus };
  const isRedirect = httpStatus >= 300 && httpStatus <= 399;
  const reason = `the receiver answered HTTP ${httpStatus}${isRedirect ? ", and redirects are not followed" : ""}`;
  const waitMs = parseRetryAfter(headers, clock.now());
  return { kind: "retry", reason, httpStatus, ...(waitMs !== undefined && { retryAt: fromNow(clock, waitMs) }) };
}
