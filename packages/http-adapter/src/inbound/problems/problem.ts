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

type ProblemType = keyof typeof titles;

const titles = {
  "invalid-request": "The request is invalid",
  unauthenticated: "Authentication required",
  forbidden: "Forbidden",
  "not-found": "Not found",
  conflict: "The message's state does not allow this",
  "idempotency-in-progress": "A request with this Idempotency-Key is still in progress",
  "idempotency-key-reused": "This Idempotency-Key was used for a different request",
  "body-too-large": "The request body is too large",
  "unsupported-media-type": "Unsupported media type or encoding",
  "message-rejected": "WhatsApp rejected the message",
  "quota-exceeded": "The tenant's quota is used up",
  "rate-limited": "A rate limit is reached",
  "delivery-failed": "The message could not be delivered to WhatsApp",
  "credentials-rejected": "WhatsApp rejected the outlet's credentials",
  unavailable: "The service is unavailable",
  "outcome-unknown": "The outcome of the message is unknown",
} as const;

const statusTitles: Readonly<Record<number, string>> = {
  405: "Method Not Allowed",
  408: "Request Timeout",
  417: "Expectation Failed",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
};

/** The JSON body of a problem. */
export function problemBody(problem: Problem, requestId: string | undefined): string {
  const { status, type, title, detail, errors, messageId, messageStatus, attempts, whatsappError, retryAfterSeconds } =
    problem;
  return JSON.stringify({
    type: type ? `/problems/${type}` : "about:blank",
    title: title ?? (type ? titles[type] : (statusTitles[status] ?? "Error")),
    status,
    detail,
    instance: requestId,
    message_id: messageId,
    message_status: messageStatus,
    attempts,
    whatsapp_error: whatsappError,
    retry_after_seconds: retryAfterSeconds,
    errors,
  });
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
export const notFound: Problem = { status: 404, type: "not-found", detail: "No such resource." };

/** Also the answer about a tenant that the caller may not see: it must not learn that the tenant exists. */
export const tenantNotFound: Problem = { ...notFound, detail: "No such tenant or outlet." };

export const messageNotFound: Problem = { ...notFound, detail: "No such message." };

export function invalidRequest(detail: string, errors?: readonly FieldError[]): Problem {
  return { status: 400, type: "invalid-request", detail, ...(errors && { errors }) };
}
