import type { Secret, Unavailable } from "@message-sender/core";
import { type Clock, fromNow } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { err, ok, type Result, ResultAsync } from "neverthrow";
import type { z } from "zod";

import { traceHeaders } from "../../trace-context.ts";
import { answerDate } from "../http/answer-date.ts";
import { type CallKind, callKind, inClientSpan, notedEnd } from "../http/client-span.ts";
import type { Ended, HttpAnswer } from "../http/exchange.ts";
import { createHttpClient } from "../http/http-client.ts";
import type { HttpFailure } from "../http/http-failure.ts";
import { parseJsonBody } from "../http/json-body.ts";
import { redactLine, withoutToken } from "../redaction/redact.ts";
import { encodeHead, type RequestHead } from "../http/request-head.ts";
import { parseRetryAfter } from "../http/retry-after.ts";

/** The options of `createServiceClient`. */
export interface ServiceClientOptions {
  /** An http or https URL. Its path is prepended to the path of every call. */
  readonly url: string;
  /** The bearer token of every call. */
  readonly token?: Secret;
  /** Time limit for the complete answer. Default: 5,000. */
  readonly timeoutMs?: number;
  /** Further calls wait for a free connection, within their time limit. Default: 64. */
  readonly maxConnections?: number;
  readonly clock?: Clock;
}

/** A call to a service. */
export interface ServiceCall {
  readonly method: "GET" | "POST";
  /** Encoded, with its leading slash. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The path with names in place of its ids, such as `/tenants/{tenant_id}`, for traces. */
  readonly route?: string;
  readonly idempotencyKey?: string;
  /** Statuses from 400 on that are regular answers: in traces they are no errors. */
  readonly expected?: readonly number[];
  /** The answer contains secrets that the caller needs. Otherwise strings that contain the service's token are removed. */
  readonly isSecret?: boolean;
  /** Only the status matters: an answer is valid even if its body is lost or too large. */
  readonly statusSuffices?: boolean;
}

/** A complete answer of a service, with any status. */
export interface ServiceAnswer {
  readonly status: number;
  /** The JSON value. Undefined if the body is not JSON. */
  readonly body: unknown;
  /** The body is empty or white space. */
  readonly isEmpty?: true;
  /** The error text of an unsuccessful answer: one printable line without tokens. */
  readonly said?: string;
  /** The time on the service's clock. */
  readonly date?: Date;
  /** The time of a `Retry-After`, for 429 and 503. */
  readonly retryAt?: Date;
}

/** Calls a JSON service over HTTP. */
export interface ServiceClient {
  /** Makes the call once, without retries. Any status is an answer. */
  call(call: ServiceCall): ResultAsync<ServiceAnswer, Unavailable>;
  /** Closes its connections. */
  close(): Promise<void>;
}

/**
 * A client for the Tenant Service, the Conversation Service, or a service of your own.
 *
 * @example
 * ```ts
 * const client = createServiceClient({ url: "http://tenants.internal", token: new Secret(serviceToken) });
 * const credentials = createTenantServiceCredentials(client);
 * ```
 */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { url, token, timeoutMs = 5000, maxConnections = 64, clock = createSystemClock() } = options;
  const client = createHttpClient({ origin: url, maxConnections });
  const standing = { accept: "application/json", ...(token && { authorization: `Bearer ${token.reveal()}` }) };

  const kinds = new Map<string, CallKind>();

  function kindOf({ method, route = "" }: ServiceCall): CallKind {
    const key = method + route;
    const known = kinds.get(key) ?? callKind(url, method, route === "" ? undefined : route);
    kinds.set(key, known);
    return known;
  }

  function headOf({ method, path, body, idempotencyKey }: ServiceCall): RequestHead | HttpFailure {
    const headers = {
      ...standing,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      ...traceHeaders(),
    };
    return encodeHead({ method, path, headers });
  }

  function answerOf(answer: HttpAnswer, { isSecret = false }: ServiceCall): ServiceAnswer {
    const { status } = answer;
    const value = parseJsonBody(answer.body);
    const said = isSecret || status < 300 ? "" : saidBy(answer.body, value, token);
    const date = answerDate(answer.headers);
    const waitMs = status === 429 || status === 503 ? parseRetryAfter(answer.headers, clock.now()) : undefined;
    return {
      status,
      body: token && !isSecret ? withoutToken(value, answer.body, token) : value,
      ...(isBlank(answer.body) && { isEmpty: true }),
      ...(said && { said }),
      ...(date && { date }),
      ...(waitMs !== undefined && { retryAt: fromNow(clock, waitMs) }),
    };
  }

  function resultOf(ended: Ended, call: ServiceCall): Result<ServiceAnswer, Unavailable> {
    if (ended.isOk()) return ok(answerOf(ended.value, call));
    const { status, reason, cause } = ended.error;
    return call.statusSuffices === true && status !== undefined
      ? ok({ status, body: undefined })
      : err({ kind: "Unavailable", reason, cause });
  }

  function call(options: ServiceCall): ResultAsync<ServiceAnswer, Unavailable> {
    const { body, expected } = options;
    const answered = inClientSpan(kindOf(options), (span) => {
      const head = headOf(options);
      const read = (ended: Ended) => resultOf(notedEnd(span, ended, expected), options);
      return "kind" in head
        ? Promise.resolve(read(err(head)))
        : client.exchange({ head, body: body === undefined ? undefined : JSON.stringify(body), timeoutMs, read });
    });
    return new ResultAsync(answered);
  }

  return { call, close: client.close };
}

const longestSaid = 200;
/** More than this of a body is not looked at for what it says. */
const mostRead = 4096;
/** Where problem details (RFC 9457) and the usual error objects have their text. */
const spokenFields = ["detail", "message", "title", "error"];

function saidBy(bytes: Buffer, value: unknown, token: Secret | undefined): string {
  const fields: Readonly<Record<string, unknown>> = typeof value === "object" && value !== null ? { ...value } : {};
  const words = spokenFields.map((field) => fields[field]).find((field) => typeof field === "string" && field !== "");
  const text = typeof words === "string" ? words : bytes.subarray(0, mostRead).toString();
  return redactLine(text.slice(0, mostRead), longestSaid, token);
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** Builds a path, and encodes its values. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(value.toWellFormed())));
}

/** Adds the service's name to the reason. */
export function nameService(service: string): (error: Unavailable) => Unavailable {
  return (error) => ({ ...error, reason: `${service}: ${error.reason}` });
}

/** The error of an answer with an unexpected status. */
export function unexpectedStatus({ status, retryAt }: ServiceAnswer): Unavailable {
  return { kind: "Unavailable", reason: `answered HTTP ${status}`, ...(retryAt && { retryAt }) };
}

/** Validates an answer's body. The reason of an error names the field, never its value. */
export function readBody<T>(schema: z.ZodType<T>, { body }: ServiceAnswer): Result<T, Unavailable> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  const field = parsed.error.issues[0]?.path.join(".");
  const what = body === undefined ? "not JSON" : field ? `${field} is missing or not valid` : "not the JSON expected";
  return err({ kind: "Unavailable", reason: `invalid answer: ${what}` });
}
