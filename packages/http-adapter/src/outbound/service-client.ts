import type { Clock, R, Secret, Unavailable } from "@message-sender/core";
import { createSystemClock } from "@message-sender/core/node";
import { err, ok, type Result } from "neverthrow";
import type { z } from "zod";

import { currentTraceparent } from "../trace-context.ts";
import { createHttpClient } from "./http-client.ts";
import { parseJsonBody } from "./json-body.ts";
import { parseRetryAfter } from "./retry-after.ts";

export interface ServiceClientOptions {
  readonly url: string;
  /** Sent as the bearer of every call. */
  readonly token?: Secret;
  readonly timeoutMs?: number;
  readonly maxConnections?: number;
  readonly clock?: Clock;
}

export interface ServiceCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  /** Instead of that of the work at hand. */
  readonly traceparent?: string | undefined;
}

export interface ServiceAnswer {
  readonly status: number;
  /** The JSON value; `undefined` where the body is not JSON. */
  readonly body: unknown;
  /** What a `Retry-After` asks for, with 429 and 503. */
  readonly retryAt?: Date;
}

/** Calls a service that speaks JSON over HTTP. */
export interface ServiceClient {
  /** Makes the call once; any status is an answer. */
  call(call: ServiceCall): R<ServiceAnswer, Unavailable>;
  close(): Promise<void>;
}

const traceparentPattern = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { url, token, timeoutMs = 5000, maxConnections = 64, clock = createSystemClock() } = options;
  const client = createHttpClient({ origin: url, maxConnections, clock });
  const standing = { accept: "application/json", ...(token && { authorization: `Bearer ${token.reveal()}` }) };

  function call({ method, path, body, idempotencyKey, traceparent = currentTraceparent() }: ServiceCall) {
    const headers = {
      ...standing,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      ...(traceparent !== undefined && traceparentPattern.test(traceparent) && { traceparent }),
    };
    return client
      .request({ method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }, timeoutMs)
      .map((answer): ServiceAnswer => {
        const { status } = answer;
        const now = clock.now();
        const waitMs =
          status === 429 || status === 503 ? parseRetryAfter(answer.headers["retry-after"], now) : undefined;
        return {
          status,
          body: parseJsonBody(answer.body),
          ...(waitMs !== undefined && { retryAt: new Date(now.getTime() + waitMs) }),
        };
      })
      .mapErr(({ reason, cause }): Unavailable => ({ kind: "Unavailable", reason, cause }));
  }

  return { call, close: client.close };
}

/** Makes a path of fixed parts and values, each value encoded. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(value.toWellFormed())));
}

/** Says which service was unavailable. */
export function nameService(service: string): (error: Unavailable) => Unavailable {
  return (error) => ({ ...error, reason: `${service}: ${error.reason}` });
}

/** An answer with a status that the call has no use for. */
export function unexpectedStatus({ status, retryAt }: ServiceAnswer): Unavailable {
  return { kind: "Unavailable", reason: `answered HTTP ${status}`, ...(retryAt && { retryAt }) };
}

/** Checks an answer's body; where it is odd the reason names the field, never what is in it. */
export function readBody<T>(schema: z.ZodType<T>, { body }: ServiceAnswer): Result<T, Unavailable> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  const field = parsed.error.issues[0]?.path.join(".");
  const what = body === undefined ? "not JSON" : field ? `${field} is missing or not valid` : "not the JSON expected";
  return err({ kind: "Unavailable", reason: `odd answer: ${what}` });
}
