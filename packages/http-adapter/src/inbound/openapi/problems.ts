import { messageStatuses } from "@message-sender/core/adapter";
import { z } from "zod";

import { type ProblemType, problemTypes } from "../problems/problem.ts";

const names = Object.keys(problemTypes) as ProblemType[];

/** What `type` of a problem may be. */
const typeUris = [...names.map((name) => `/problems/${name}` as const), "about:blank"] as const;

/** The body of every problem. */
export const problemSchema = z
  .object({
    type: z
      .enum(typeUris)
      .describe("`/problems/…`, or `about:blank` where there is nothing to add to the HTTP status."),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe("What happened, in a sentence."),
    instance: z.string().optional().describe("The id of the request, as the log has it."),
    message_id: z.string().optional().describe("The message that the problem is about. Its record says more."),
    message_status: z.enum(messageStatuses).optional(),
    attempts: z.number().int().min(0).optional().describe("How many attempts were made."),
    whatsapp_error: z
      .object({
        code: z.number().int().optional(),
        details: z.string(),
        fbtrace_id: z.string().optional(),
      })
      .optional()
      .describe("WhatsApp's own error."),
    retry_after_seconds: z.number().int().min(1).optional().describe("The same as Retry-After."),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe("A JSON pointer (RFC 6901) into the body. Empty: the whole body."),
          detail: z.string().describe("Completes a sentence that begins with the field's name."),
        }),
      )
      .optional()
      .describe("Every mistake of the body."),
  })
  .meta({ id: "Problem", description: "An error (RFC 9457)." });

/** When a problem occurs, and a body of it. */
interface Described {
  readonly when: string;
  readonly example: Readonly<Record<string, unknown>> & { readonly detail: string };
}

const instance = "5f0c9c1e-3a4b-4d8a-9f0e-2b7c6d5e4f3a";
const message = { message_id: "018f2b6c-7d1e-7a40-9c3b-2f5d8e6a1b90" };

const described: Readonly<Record<ProblemType, Described>> = {
  "invalid-request": {
    when: "The request is invalid. `errors` names every mistake.",
    example: {
      detail: "The message is invalid.",
      errors: [{ pointer: "/to", detail: "must be an E.164 number with a leading + or a business-scoped user id" }],
    },
  },
  unauthenticated: {
    when: "The request has no valid credentials.",
    example: { detail: "The request has no valid credentials." },
  },
  forbidden: {
    when: "The caller may not do this, or the Host or Origin header is not allowed.",
    example: { detail: "This needs the scope send." },
  },
  "not-found": {
    when: "It does not exist, or belongs to a tenant that the caller may not see.",
    example: { detail: "No such tenant or outlet." },
  },
  conflict: {
    when: "The message's state does not allow this.",
    example: {
      detail:
        "Only an unknown message can be abandoned, and only an unknown or failed one resent. This message is sent.",
      ...message,
      message_status: "sent",
      attempts: 1,
    },
  },
  "idempotency-in-progress": {
    when: "A request with this Idempotency-Key is still in progress.",
    example: {
      detail: "The first request is still in progress. Repeat this one in a moment: the message is sent once.",
      ...message,
      message_status: "sending",
      attempts: 1,
      retry_after_seconds: 1,
    },
  },
  "idempotency-key-reused": {
    when: "This Idempotency-Key was used with a different body.",
    example: {
      detail: "This Idempotency-Key was used with a different body. Use a new key for a new message.",
      ...message,
    },
  },
  "body-too-large": {
    when: "The body exceeds the size limit.",
    example: { detail: "The body exceeds the size limit." },
  },
  "unsupported-media-type": {
    when: "The body has another media type, or a content encoding.",
    example: { detail: "The body must be application/json in UTF-8, without a content encoding." },
  },
  "message-rejected": {
    when: "WhatsApp rejected it for good: the recipient, the template, the request, the account or its policy.",
    example: {
      detail: "The number may not be on WhatsApp, or its app may be too old.",
      ...message,
      message_status: "failed",
      attempts: 1,
      whatsapp_error: { code: 131026, details: "Message undeliverable.", fbtrace_id: "AkY1x2v7bXQ0a2kT5wq3Zr9" },
    },
  },
  "quota-exceeded": {
    when: "The tenant's quota is used up. Nothing was sent.",
    example: { detail: "The tenant's quota is used up. Nothing was sent.", retry_after_seconds: 3600 },
  },
  "queue-full": {
    when: "So many messages of the tenant wait in the queue that it takes no more. Nothing was stored or sent.",
    example: {
      detail: "100000 messages of the tenant wait in the queue. Nothing was sent.",
      retry_after_seconds: 1350,
    },
  },
  "rate-limited": {
    when: "WhatsApp, or the pacing that keeps to its limits, allows no attempt before the deadline.",
    example: {
      detail:
        "The limit will not clear before this request's deadline: WhatsApp is throttling the pair of sender and recipient.",
      ...message,
      message_status: "failed",
      attempts: 2,
      whatsapp_error: { code: 131056, details: "(Business Account, Consumer Account) pair rate limit hit" },
      retry_after_seconds: 12,
    },
  },
  "too-many-requests": {
    when: "The caller's rate limit is reached.",
    example: { detail: "This API key has used up its requests for now.", retry_after_seconds: 2 },
  },
  "delivery-failed": {
    when: "Every attempt failed. `message_status` says whether the message may have been sent.",
    example: {
      detail: "Every attempt failed. The message was not sent.",
      ...message,
      message_status: "failed",
      attempts: 4,
      whatsapp_error: { code: 131000, details: "Something went wrong." },
      retry_after_seconds: 5,
    },
  },
  "credentials-rejected": {
    when: "WhatsApp rejected the outlet's credentials or their permissions.",
    example: {
      detail: "WhatsApp rejected the outlet's credentials or their permissions, and there are no others.",
      ...message,
      message_status: "failed",
      attempts: 1,
      whatsapp_error: { code: 190, details: "The access token has expired." },
    },
  },
  unavailable: {
    when: "A service that the request needs is unavailable, or the server is shutting down.",
    example: { detail: "A required service is unavailable. This request sent nothing.", retry_after_seconds: 5 },
  },
  "outcome-unknown": {
    when: "WhatsApp gave no readable answer, and may have done what was asked.",
    example: {
      detail:
        "WhatsApp gave no readable answer to the last attempt: the message may have been sent. If this server receives webhooks, its status may later show whether it was sent.",
      ...message,
      message_status: "unknown",
      attempts: 1,
    },
  },
};

/** When a problem of this type occurs. */
export function whenOf(type: ProblemType): string {
  return described[type].when;
}

/** Whether such a problem may say when to repeat the request. */
export function canRetryAfter(type: ProblemType): boolean {
  return temporary.has(type);
}

const temporary: ReadonlySet<ProblemType> = new Set([
  "idempotency-in-progress",
  "quota-exceeded",
  "queue-full",
  "rate-limited",
  "too-many-requests",
  "delivery-failed",
  "credentials-rejected",
  "unavailable",
]);

/** A complete body of a problem of this type. */
export function exampleOf(type: ProblemType): object {
  const { title, status } = problemTypes[type];
  const { detail, ...others } = described[type].example;
  return { type: `/problems/${type}`, title, status, detail, instance, ...others };
}
