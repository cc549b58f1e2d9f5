import type { Secret } from "@message-sender/core";
import type { Clock } from "@message-sender/core/adapter";
import type { Attributes, Span } from "@opentelemetry/api";
import { ResultAsync } from "neverthrow";
import { Webhook } from "standardwebhooks";

import { traceHeaders } from "../../trace-context.ts";
import { callKind, inClientSpan, notedEnd } from "../http/client-span.ts";
import type { Ended, HttpAnswer } from "../http/exchange.ts";
import { createHttpClient, type HttpClient, type HttpClientOptions } from "../http/http-client.ts";
import type { HttpFailure } from "../http/http-failure.ts";

/** What is posted. */
interface SignedEvent {
  /** The same for each delivery of the event. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
  readonly secret: Secret;
  /** What the span of the call says of the event. Called only if somebody records spans. */
  attributes?(): Attributes;
}

/** Posts events to one URL, each signed according to Standard Webhooks (standardwebhooks.com). */
export interface SignedPosts {
  /** Posts an event once. Redirects are not followed. Throws if the secret is malformed. */
  post(event: SignedEvent): ResultAsync<HttpAnswer, HttpFailure>;
  close: HttpClient["close"];
}

interface SignedPostsOptions extends Omit<HttpClientOptions, "origin"> {
  /** The name of the calls in traces. */
  readonly name: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

export function createSignedPosts(
  { origin, pathname, search }: URL,
  { name, timeoutMs, ...options }: SignedPostsOptions,
): SignedPosts {
  const { clock } = options;
  const client = createHttpClient({ origin, ...options });
  const kind = { ...callKind(origin, "POST"), name };
  const signers = new WeakMap<Secret, Webhook>();

  function signerOf(secret: Secret): Webhook {
    const signer = signers.get(secret) ?? new Webhook(secret.reveal());
    signers.set(secret, signer);
    return signer;
  }

  function post({ id, body, secret, attributes }: SignedEvent): ResultAsync<HttpAnswer, HttpFailure> {
    const sentAt = clock.now();
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
      "webhook-signature": signerOf(secret).sign(id, sentAt, body),
    };
    const request = async (span: Span): Promise<Ended> => {
      if (attributes && span.isRecording()) span.setAttributes(attributes());
      const sent = { ...headers, ...traceHeaders() };
      const answered = client.request({ method: "POST", path: pathname + search, headers: sent, body }, timeoutMs);
      return notedEnd(span, await answered);
    };
    return new ResultAsync(inClientSpan(kind, request));
  }

  return { post, close: client.close };
}
