import type { Secret } from "@message-sender/core";
import {
  type Accepted,
  type Clock,
  type Credential,
  type LimitUsage,
  type Outcome,
  parseCallbackData,
} from "@message-sender/core/adapter";
import type { Attributes, Span } from "@opentelemetry/api";
import { err, ok, type Result } from "neverthrow";

import { inClientSpan, notedEnd } from "../http/client-span.ts";
import { type Ended, type HttpAnswer, isSuccess } from "../http/exchange.ts";
import { failSpan } from "../../spans.ts";
import { type GraphErrorOptions, type GraphErrorOverrides, interpretGraphError, isGraphError } from "./graph-error.ts";
import { createGraphHeads } from "./graph-head.ts";
import { parseUsage } from "./graph-usage.ts";
import type { GraphRoutes } from "./graph-routes.ts";
import type { Edge } from "./provider-profile.ts";
import type { HttpRequest } from "../http/http-client.ts";
import type { HttpFailure } from "../http/http-failure.ts";
import { parseJsonBody } from "../http/json-body.ts";
import { readWithoutToken } from "../redaction/redact.ts";
import { parseRetryAfter } from "../http/retry-after.ts";

export interface GraphExchangeOptions {
  readonly routes: GraphRoutes;
  readonly errorRules?: GraphErrorOverrides | undefined;
  readonly clock: Clock;
}

/** A request for a phone number. */
export interface GraphCall<T extends object> {
  readonly credential: Credential;
  /** The last part of its path. */
  readonly edge: Edge;
  readonly contentType: string;
  readonly body: NonNullable<HttpRequest["body"]>;
  /** What a successful answer contains, for error texts. */
  readonly wanted: string;
  /** Parses a successful answer. Undefined if it is not one. Strings stand directly in the result. */
  readonly read: (body: unknown, httpStatus: number) => T | undefined;
  /** Of an attempt of a message. */
  readonly callbackData?: string;
  readonly mayBegin?: (() => boolean) | undefined;
}

/** Any outcome but acceptance. */
export type NotTaken = Exclude<Outcome, Accepted>;

/** A result, and the usage of limits that the answer reports. */
type WithUsage<T> = T | (T & { readonly usage: readonly LimitUsage[] });

/** The result of a call. */
type Taken<T> = Result<WithUsage<T>, WithUsage<NotTaken>>;

/**
 * Makes requests to the Graph API and interprets their answers, by the same rules for every kind of request. `as` makes the result of
 * a call what the caller needs.
 */
export function createGraphExchange({ routes, errorRules, clock }: GraphExchangeOptions) {
  const headOf = createGraphHeads();

  function interpret<T extends object>(ended: Ended, call: GraphCall<T>): Taken<T> {
    if (ended.isErr()) return err(outcomeOf(ended.error));
    const { accessToken: token, wabaId } = call.credential;
    const taken = readAnswer(ended.value, call, clock, { rules: errorRules, token });
    const usage = parseUsage(ended.value.headers, wabaId);
    return usage ? taken.map((value) => ({ ...value, usage })).mapErr((outcome) => ({ ...outcome, usage })) : taken;
  }

  return <T extends object, R>(call: GraphCall<T>, timeoutMs: number, as: (taken: Taken<T>) => R): Promise<R> => {
    const { credential, edge, contentType, body, mayBegin } = call;
    const route = routes.routeOf(credential);
    return inClientSpan((route ?? routes.meta).kinds[edge], (span) => {
      const end = (taken: Taken<T>): R => as(notedOutcome(span, call, taken));
      if (!route) return Promise.resolve(end(notSent("the provider of the outlet is not valid")));
      const head = headOf(credential, route, edge, contentType);
      if (typeof head === "string") return Promise.resolve(end(notSent(head)));
      const read = (ended: Ended): R => end(interpret(notedEnd(span, ended), call));
      return route.exchange({ head, body, timeoutMs, read, mayBegin });
    });
  };
}

function attributesOf({ callbackData, credential }: GraphCall<object>): Attributes {
  const attempt = callbackData === undefined ? undefined : parseCallbackData(callbackData);
  return {
    "message_sender.phone_number_id": credential.phoneNumberId,
    ...(attempt && { "message_sender.message_id": attempt.messageId, "message_sender.attempt": attempt.attempt }),
  };
}

/** Notes in the span what the call ended in, never what WhatsApp said about it: that may contain the recipient. */
function notedOutcome<R extends Result<unknown, NotTaken>>(span: Span, call: GraphCall<object>, taken: R): R {
  if (!span.isRecording()) return taken;
  const outcome = taken.isOk() ? "Accepted" : taken.error.kind;
  span.setAttributes({ ...attributesOf(call), "message_sender.outcome": outcome });
  if (taken.isOk()) return taken;
  const failure = "failure" in taken.error ? taken.error.failure : undefined;
  if (failure) span.setAttribute("message_sender.failure_class", failure.class);
  if (failure?.code !== undefined) span.setAttribute("message_sender.code", failure.code);
  failSpan(span, String(failure?.code ?? failure?.httpStatus ?? outcome));
  return taken;
}

function notSent(cause: string): Result<never, NotTaken> {
  return err({ kind: "NotSent", final: true, cause });
}

function outcomeOf({ dispatched, status, reason, final }: HttpFailure): NotTaken {
  if (!dispatched) return { kind: "NotSent", final, cause: reason };
  const sawSuccess = status !== undefined && isSuccess(status);
  return { kind: "Ambiguous", sawSuccess, cause: reason, ...(status !== undefined && { httpStatus: status }) };
}

function readAnswer<T extends object>(
  { status, headers, body: bytes }: HttpAnswer,
  { read, wanted }: GraphCall<T>,
  clock: Clock,
  options: GraphErrorOptions & { readonly token: Secret },
): Result<T, NotTaken> {
  const body = parseJsonBody(bytes);
  const succeeded = isSuccess(status);
  const taken = succeeded ? readWithoutToken(body, options.token, (value) => read(value, status)) : undefined;
  if (taken !== undefined) return ok(taken);
  if (succeeded && !isGraphError(body)) {
    return err({
      kind: "Ambiguous",
      sawSuccess: true,
      cause: `HTTP ${status} without ${wanted}`,
      httpStatus: status,
    });
  }
  const retryAfterMs = succeeded ? undefined : parseRetryAfter(headers, clock.now());
  return err(interpretGraphError(status, body, retryAfterMs, options) as NotTaken);
}
