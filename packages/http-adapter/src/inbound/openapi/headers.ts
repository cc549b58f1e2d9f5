import type { AnswerHeader } from "../routes/route.ts";

const requestId = {
  description:
    "1–128 visible ASCII characters. Without a valid one, the server makes one. It is in the log and in every answer.",
  schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,128}$" },
};

const traceparent = {
  description: "W3C trace context, version 00. Without a valid one, the server begins a trace.",
  schema: { type: "string", pattern: "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$" },
};

/** What every request may have. */
export const requestHeaders = { "X-Request-Id": requestId, traceparent };

/** What every answer of a route has. */
export const everyAnswer = ["X-Request-Id", "traceparent", "Cache-Control", "X-Content-Type-Options"] as const;

/** What every answer to a caller with a rate limit has (draft-ietf-httpapi-ratelimit-headers-10). */
export const limitedAnswer = ["RateLimit-Policy", "RateLimit"] as const;

type HeaderName =
  | (typeof everyAnswer)[number]
  | (typeof limitedAnswer)[number]
  | AnswerHeader
  | "Retry-After"
  | "WWW-Authenticate";

/** The headers of answers. */
export const answerHeaders: Readonly<Record<HeaderName, object>> = {
  "X-Request-Id": { ...requestId, description: "The id of the request, as the log has it." },
  traceparent: { ...traceparent, description: "The trace context of the request." },
  "Cache-Control": {
    description: "Only scripts of the API page may be kept.",
    schema: { type: "string" },
    example: "no-store",
  },
  "X-Content-Type-Options": {
    description: "The body is of its media type, whatever it looks like.",
    schema: { type: "string", const: "nosniff" },
  },
  "Content-Security-Policy": {
    description: "The page loads nothing from another host, and cannot be framed.",
    schema: { type: "string" },
  },
  "Referrer-Policy": {
    description: "Links do not say where they were.",
    schema: { type: "string", const: "no-referrer" },
  },
  "RateLimit-Policy": {
    description: "The limit of the API key: `q` requests in each window of `w` seconds.",
    schema: { type: "string" },
    example: '"default";q=20;w=2',
  },
  RateLimit: {
    description: "How many requests are left in this window (`r`), and in how many seconds it ends (`t`).",
    schema: { type: "string" },
    example: '"default";r=19;t=2',
  },
  "Idempotency-Replayed": {
    description: "This is the answer of an earlier request with the same Idempotency-Key.",
    schema: { type: "string", const: "true" },
  },
  Location: { description: "Where the status of the message is.", schema: { type: "string", format: "uri-reference" } },
  "Preference-Applied": {
    description: "The preference of the Prefer header that was applied.",
    schema: { type: "string" },
    example: "wait=10",
  },
  "Retry-After": {
    description: "After how many seconds a repeat may succeed.",
    schema: { type: "string", pattern: "^[1-9][0-9]*$" },
    example: "5",
  },
  "WWW-Authenticate": {
    description: "How to authenticate: `Bearer` with an API key, `X-Hub-Signature-256` for a webhook of WhatsApp.",
    schema: { type: "string" },
    example: "Bearer",
  },
};
