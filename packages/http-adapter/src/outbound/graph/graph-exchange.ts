import type { Secret } from "@message-sender/core";
import {
  type Accepted,
  type Clock,
  type Credential,
  type LimitUsage,
  type Outcome,
  isIdentifier,
  parseCallbackData,
} from "@message-sender/core/adapter";
import type { Attributes, Span } from "@opentelemetry/api";
import { err, ok, type Result } from "neverthrow";

import { inClientSpan, notedAnswer } from "../http/client-span.ts";
import { type HttpAnswer, isSuccess } from "../http/exchange.ts";
import { failSpan } from "../../spans.ts";
import { type GraphErrorOptions, type GraphErrorOverrides, interpretGraphError, isGraphError } from "./graph-error.ts";
import { parseUsage } from "./graph-usage.ts";
import type { GraphRoute, GraphRoutes } from "./graph-routes.ts";
import type { Edge } from "./provider-profile.ts";
import type { HttpRequest } from "../http/http-client.ts";
import type { HttpFailure } from "../http/http-failure.ts";
import { parseJsonBody } from "../http/json-body.ts";
import { withoutToken } from "../redaction/redact.ts";
import { parseRetryAfter } from "../http/retry-after.ts";

export interface GraphExchangeOptions {
  readonly routes: GraphRoutes;
  readonly errorRules?: GraphErrorOverrides | undefined;
  readonly clock: Clock;
}

/** A request for a phone number. */
export interface GraphCall<T> {
  readonly credential: Credential;
  /** The last part of its path. */
  readonly edge: Edge;
  readonly contentType: string;
  readonly body: NonNullable<HttpRequest["body"]>;
  /** What a successful answer contains, for error texts. */
  readonly wanted: string;
  /** Parses a successful answer. Undefined if it is not one. */
  readonly read: (body: unknown, httpStatus: number) => T | undefined;
  /** Of an attempt of a message. */
  readonly callbackData?: string;
}

/** Any outcome but acceptance. */
export type NotTaken = Exclude<Outcome, Accepted>;

/** A result, and the usage of limits that the answer reports. */
type WithUsage<T> = T | (T & { readonly usage: readonly LimitUsage[] });

/** Makes a request to the Graph API and interprets its answer, by the same rules for every kind of request. */
export function createGraphExchange({ routes, errorRules, clock }: GraphExchangeOptions) {
  async function exchange<T>(
    call: GraphCall<T>,
    route: GraphRoute | undefined,
    timeoutMs: number,
    span: Span,
  ): Promise<Result<WithUsage<T>, WithUsage<NotTaken>>> {
    const { accessToken: token, phoneNumberId, wabaId } = call.credential;
    if (!isIdentifier(phoneNumberId)) return notSent("the phone number id contains invalid characters");
    if (!/^[\x21-\x7e]+$/.test(token.reveal())) {
      return notSent("the access token is empty or contains characters that are invalid in a header");
    }
    if (!route) return notSent("the provider of the outlet is not valid");
    const { authHeader, authPrefix } = route;
    const answered = route.request(
      {
        method: "POST",
        path: route.pathOf(call.edge, encodeURIComponent(phoneNumberId)),
        headers: { [authHeader]: authPrefix + token.reveal(), "content-type": call.contentType },
        body: call.body,
      },
      timeoutMs,
    );
    const answer = await notedAnswer(span, answered);
    if (answer.isErr()) return err(outcomeOf(answer.error));
    const taken = readAnswer(answer.value, call, clock.now(), { rules: errorRules, token });
    const usage = parseUsage(answer.value.headers, wabaId);
    return usage ? taken.map((value) => ({ ...value, usage })).mapErr((outcome) => ({ ...outcome, usage })) : taken;
  }

  return <T>(call: GraphCall<T>, timeoutMs: number): Promise<Result<WithUsage<T>, WithUsage<NotTaken>>> => {
    const route = routes.routeOf(call.credential);
    return inClientSpan((route ?? routes.meta).kinds[call.edge], (span) => {
      const taken = exchange(call, route, timeoutMs, span);
      return span.isRecording() ? taken.then((result) => notedOutcome(span, call, result)) : taken;
    });
  };
}

function attributesOf({ callbackData, credential }: GraphCall<unknown>): Attributes {
  const attempt = callbackData === undefined ? undefined : parseCallbackData(callbackData);
  return {
    "message_sender.phone_number_id": credential.phoneNumberId,
    ...(attempt && { "message_sender.message_id": attempt.messageId, "message_sender.attempt": attempt.attempt }),
  };
}

/** Notes in the span what the call ended in, never what WhatsApp said about it: that may contain the recipient. */
function notedOutcome<R extends Result<unknown, NotTaken>>(span: Span, call: GraphCall<unknown>, taken: R): R {
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

function readAnswer<T>(
  { status, headers, body: bytes }: HttpAnswer,
  { read, wanted }: GraphCall<T>,
  now: Date,
  options: GraphErrorOptions & { readonly token: Secret },
): Result<T, NotTaken> {
  const body = parseJsonBody(bytes);
  const succeeded = isSuccess(status);
  const taken = succeeded ? read(withoutToken(body, bytes, options.token), status) : undefined;
  if (taken !== undefined) return ok(taken);
  if (succeeded && !isGraphError(body)) {
    return err({
      kind: "Ambiguous",
      sawSuccess: true,
      cause: `HTTP ${status} without ${wanted}`,
      httpStatus: status,
    });
  }
  const retryAfterMs = succeeded ? undefined : parseRetryAfter(headers, now);
  return err(interpretGraphError(status, body, retryAfterMs, options) as NotTaken);
}
