import type { MessageStatus } from "@message-sender/core";

/** An error of one field, at a JSON pointer (RFC 6901) into the body. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** An error answer (RFC 9457). */
export interface Problem {
  readonly status: number;
  /** The last part of `/problems/…`. Without a type, the problem says no more than its HTTP status. */
  readonly type?: ProblemType;
  /** Default: the title of the type, which is about a message. */
  readonly title?: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly messageId?: string;
  readonly messageStatus?: MessageStatus;
  readonly attempts?: number;
  readonly whatsappError?: { readonly code?: number; readonly details: string; readonly fbtrace_id?: string };
  readonly retryAfterSeconds?: number;
  readonly allow?: string;
  /** How to authenticate (RFC 9110, section 11.6.1). */
  readonly authenticate?: string;
  /** This is the answer of an earlier request with the same Idempotency-Key. */
  readonly replayed?: boolean;
}

export type ProblemType = keyof typeof problemTypes;

/** The HTTP status and the title of each type. */
export const problemTypes = {
  "invalid-request": { status: 400, title: "The request is invalid" },
  unauthenticated: { status: 401, title: "Authentication required" },
  forbidden: { status: 403, title: "Forbidden" },
  "not-found": { status: 404, title: "Not found" },
  conflict: { status: 409, title: "The message's state does not allow this" },
  "idempotency-in-progress": { status: 409, title: "A request with this Idempotency-Key is still in progress" },
  "idempotency-key-reused": { status: 422, title: "This Idempotency-Key was used for a different request" },
  "body-too-large": { status: 413, title: "The request body is too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type or encoding" },
  "message-rejected": { status: 422, title: "WhatsApp rejected the message" },
  "quota-exceeded": { status: 429, title: "The tenant's quota is used up" },
  "queue-full": { status: 429, title: "The tenant's queue is full" },
  "rate-limited": { status: 429, title: "A rate limit is reached" },
  "too-many-requests": { status: 429, title: "The caller's rate limit is reached" },
  "delivery-failed": { status: 500, title: "The message could not be delivered to WhatsApp" },
  "credentials-rejected": { status: 502, title: "WhatsApp rejected the outlet's credentials" },
  unavailable: { status: 503, title: "The service is unavailable" },
  "outcome-unknown": { status: 504, title: "The outcome of the message is unknown" },
} as const;

/** The titles of problems without a type. */
export const statusTitles: Readonly<Record<number, string>> = {
  405: "Method Not Allowed",
  408: "Request Timeout",
  417: "Expectation Failed",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
};

/** The JSON body of a problem. */
export function problemBody(problem: Problem, requestId: string | undefined): string {
  return JSON.stringify(problemJson(problem, requestId));
}

export function problemJson(problem: Problem, requestId: string | undefined): object {
  const { status, type, title, detail, errors, messageId, messageStatus, attempts, whatsappError, retryAfterSeconds } =
    problem;
  return {
    type: type ? `/problems/${type}` : "about:blank",
    title: title ?? (type ? problemTypes[type].title : (statusTitles[status] ?? "Error")),
    status,
    detail,
    instance: requestId,
    message_id: messageId,
    message_status: messageStatus,
    attempts,
    whatsapp_error: whatsappError,
    retry_after_seconds: retryAfterSeconds,
    errors,
  };
}

export function problemHeaders(problem: Problem): Record<string, string> {
  return {
    "content-type": "application/problem+json",
    ...(problem.retryAfterSeconds !== undefined && { "retry-after": String(problem.retryAfterSeconds) }),
    ...(problem.allow && { allow: problem.allow }),
    ...(problem.authenticate && { "www-authenticate": problem.authenticate }),
    ...(problem.replayed && { "idempotency-replayed": "true" }),
  };
}

export const unexpectedError: Problem = { status: 500, detail: "An unexpected error occurred." };
export const bodyTooLarge: Problem = {
  status: 413,
  type: "body-too-large",
  detail: "The body exceeds the size limit.",
};
export const notFound: Problem = { status: 404, type: "not-found", detail: "No such resource." };

/** Also the answer about a tenant that the caller may not see: it must not learn that the tenant exists. */
export const tenantNotFound: Problem = { ...notFound, detail: "No such tenant or outlet." };

export const messageNotFound: Problem = { ...notFound, detail: "No such message." };

export const pauseNotFound: Problem = { ...notFound, detail: "No such pause. It may have ended." };

export function invalidRequest(detail: string, errors?: readonly FieldError[]): Problem {
  return { status: 400, type: "invalid-request", detail, ...(errors && { errors }) };
}
