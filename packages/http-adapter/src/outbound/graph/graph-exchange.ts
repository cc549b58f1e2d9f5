import type { Outcome, Secret } from "@message-sender/core";
import { type Accepted, type Clock, type Credential, isIdentifier, type Usage } from "@message-sender/core/adapter";
import { err, ok, type Result } from "neverthrow";

import { type HttpAnswer, isSuccess } from "../http/exchange.ts";
import { type GraphErrorOptions, type GraphErrorOverrides, interpretGraphError, isGraphError } from "./graph-error.ts";
import { parseUsage } from "./graph-usage.ts";
import type { HttpClient, HttpRequest } from "../http/http-client.ts";
import type { HttpFailure } from "../http/http-failure.ts";
import { parseJsonBody } from "../http/json-body.ts";
import { withoutToken } from "../redaction/redact.ts";
import { parseRetryAfter } from "../http/retry-after.ts";

export interface GraphExchangeOptions {
  readonly client: HttpClient;
  readonly version: string;
  readonly errorRules?: GraphErrorOverrides | undefined;
  readonly clock: Clock;
}

/** A request for a phone number. */
export interface GraphCall<T> {
  readonly credential: Credential;
  /** The last part of its path. */
  readonly edge: "messages" | "media";
  readonly contentType: string;
  readonly body: NonNullable<HttpRequest["body"]>;
  /** What a successful answer contains, for error texts. */
  readonly wanted: string;
  /** Parses a successful answer. Undefined if it is not one. */
  readonly read: (body: unknown, httpStatus: number) => T | undefined;
}

/** Any outcome but acceptance. */
export type NotTaken = Exclude<Outcome, Accepted>;

/** A result, and the usage of limits that the answer reports. */
type WithUsage<T> = T | (T & { readonly usage: readonly Usage[] });

/** Makes a request to the Graph API and interprets its answer, by the same rules for every kind of request. */
export function createGraphExchange({ client, version, errorRules, clock }: GraphExchangeOptions) {
  if (!/^v\d{1,3}\.\d{1,2}$/.test(version)) throw new TypeError("a Graph API version must have the form v25.0");

  return async <T>(call: GraphCall<T>, timeoutMs: number): Promise<Result<WithUsage<T>, WithUsage<NotTaken>>> => {
    const { accessToken: token, phoneNumberId, wabaId } = call.credential;
    if (!isIdentifier(phoneNumberId)) return notSent("the phone number id contains invalid characters");
    if (!/^[\x21-\x7e]+$/.test(token.reveal())) {
      return notSent("the access token is empty or contains characters that are invalid in a header");
    }
    const answer = await client.request(
      {
        method: "POST",
        path: `/${version}/${encodeURIComponent(phoneNumberId)}/${call.edge}`,
        headers: { authorization: `Bearer ${token.reveal()}`, "content-type": call.contentType },
        body: call.body,
      },
      timeoutMs,
    );
    if (answer.isErr()) return err(outcomeOf(answer.error));
    const taken = readAnswer(answer.value, call, clock.now(), { rules: errorRules, token });
    const usage = parseUsage(answer.value.headers, wabaId);
    return usage ? taken.map((value) => ({ ...value, usage })).mapErr((outcome) => ({ ...outcome, usage })) : taken;
  };
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
