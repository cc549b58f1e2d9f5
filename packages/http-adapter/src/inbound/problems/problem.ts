import type { MessageStatus } from "@message-sender/core";

/** One thing that is wrong with a request, at a JSON pointer (RFC 6901) into its body. */
export interface RequestError {
  readonly pointer: string;
  readonly detail: string;
}

/** An error answer (RFC 9457) before it is dressed as HTTP. */
export interface Problem {
  readonly status: number;
  /** The last part of `/problems/…`; without one the problem is just its HTTP status. */
  readonly type?: ProblemType;
  /** Default: that of the type, which speaks of a message. */
  readonly title?: string;
  readonly detail: string;
  readonly errors?: readonly RequestError[];
  readonly messageId?: string;
  readonly messageStatus?: MessageStatus;
  readonly attempts?: number;
  readonly whatsappError?: { readonly code?: number; readonly details: string; readonly fbtrace_id?: string };
  readonly retryAfterSeconds?: number;
  readonly allow?: string;
  /** How to authenticate (RFC 9110, section 11.6.1). */
  readonly authenticate?: string;
  /** An earlier call's answer, given again. */
  readonly replayed?: boolean;
}

type ProblemType = keyof typeof titles;

const titles = {
  "invalid-request": "The request is not valid",
  unauthenticated: "Not authenticated",
  forbidden: "Forbidden",
  "not-found": "Not found",
  conflict: "The message's state does not allow this",
  "idempotency-in-progress": "A request with this Idempotency-Key is still being worked on",
  "idempotency-key-reused": "This Idempotency-Key was used for another request",
  "body-too-large": "The body is too large",
  "unsupported-media-type": "The media type or encoding is not supported",
  "message-rejected": "WhatsApp refused the message",
  "quota-exceeded": "The tenant's quota is used up",
  "rate-limited": "Sending is throttled",
  "delivery-failed": "The message could not be delivered to WhatsApp",
  "credentials-rejected": "WhatsApp refused the outlet's credentials",
  unavailable: "The service is not available",
  "outcome-unknown": "It is not known whether the message was sent",
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

export const notFound: Problem = { status: 404, type: "not-found", detail: "There is nothing here." };

/** Also for a tenant that the caller may not see: it must not learn that there is one. */
export const tenantNotFound: Problem = { ...notFound, detail: "The tenant or the outlet is not known." };

export const messageNotFound: Problem = { ...notFound, detail: "There is no such message." };

export function invalidRequest(detail: string, errors?: readonly RequestError[]): Problem {
  return { status: 400, type: "invalid-request", detail, ...(errors && { errors }) };
}
