import type { Secret, StatusEvent } from "@message-sender/core";
import { type Clock, type StatusDelivery, eventIdOf, fromNow } from "@message-sender/core/adapter";
import type { Span } from "@opentelemetry/api";
import { ResultAsync } from "neverthrow";
import { Webhook } from "standardwebhooks";

import { runForMessages, traceHeaders } from "../../trace-context.ts";
import { callKind, inClientSpan, notedAnswer } from "../http/client-span.ts";
import { isSuccess, type HttpAnswer } from "../http/exchange.ts";
import { createHttpClient, type HttpClient } from "../http/http-client.ts";
import { parseRetryAfter } from "../http/retry-after.ts";
import type { CallbackReceiver } from "./callback-receiver.ts";
import { encodeEvent } from "./encode-event.ts";
import { hasPrivateAddress, lookupPublic, privateAddressCode } from "./private-addresses.ts";
import { requestsAtOnce } from "./receiver-gate.ts";

/** Posts events to one URL. */
export interface EventPost {
  post(event: StatusEvent, secret: Secret): Promise<StatusDelivery>;
  close: HttpClient["close"];
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
  const client = createHttpClient({
    origin: url.origin,
    maxConnections: requestsAtOnce,
    maxResponseBytes: mostOfAnswer,
    clock,
    ...(!allowPrivate && { lookup: lookupPublic }),
  });
  const privateHost: StatusDelivery = {
    kind: "retry",
    reason: `${url.hostname} has a private address: set CALLBACK_ALLOW_PRIVATE=on to allow it`,
  };
  const statusCallback = { ...callKind(url.origin, "POST"), name: "status callback" };
  const webhooks = new WeakMap<Secret, Webhook>();

  function sign(secret: Secret, id: string, sentAt: Date, body: string): string {
    const webhook = webhooks.get(secret) ?? new Webhook(secret.reveal());
    webhooks.set(secret, webhook);
    return webhook.sign(id, sentAt, body);
  }

  async function post(event: StatusEvent, secret: Secret): Promise<StatusDelivery> {
    if (isRefused) return privateHost;
    const [id, body, sentAt] = [eventIdOf(event), encodeEvent(event), clock.now()];
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
      "webhook-signature": sign(secret, id, sentAt, body),
    };
    const request = (span: Span) => {
      const sent = { ...headers, ...traceHeaders() };
      const call = { method: "POST", path: url.pathname + url.search, headers: sent, body } as const;
      return notedAnswer(span, client.request(call, timeoutMs));
    };
    // The callback begins a trace of its own, linked to the message's.
    const answered = runForMessages([event.traceparent], () => inClientSpan(statusCallback, request));
    return new ResultAsync(answered).match(
      (answer) => resultOf(answer, clock),
      ({ cause, status, reason }) => {
        if (cause === privateAddressCode) return privateHost;
        // The receiver has decided once its head is here, whatever becomes of the rest.
        if (status !== undefined) return resultOf({ status, headers: {} }, clock);
        return { kind: "retry", reason: `the receiver did not answer: ${reason}` };
      },
    );
  }

  return { post, close: client.close };
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
