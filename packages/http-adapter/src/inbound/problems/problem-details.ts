import type {
  CancelMessageError,
  ErasePersonError,
  InvalidQuery,
  MarkReadError,
  NoWebhookReceiver,
  ResolveMessageError,
  QueueFull,
  SendMessageError,
  Unavailable,
  UploadMediaError,
} from "@message-sender/core";
import {
  type MessageNotFound,
  type PauseNotFound,
  describeAmbiguity,
  fieldRules,
  mayHaveBeenSent,
} from "@message-sender/core/adapter";

import { bySending, conflictOf, factsOf, limitReasonOf, notSentOf, withDoubt } from "./message-facts.ts";
import { isNotResumed, notResumedOf } from "./not-resumed.ts";
import { pointerOf } from "./pointer.ts";
import {
  type FieldError,
  invalidRequest,
  messageNotFound,
  pauseNotFound,
  type Problem,
  tenantNotFound,
} from "./problem.ts";
import { templateProblem } from "./template-problem.ts";
import { problemOfRequest } from "./request-problems.ts";

/** `Retry-After` in seconds, if the error does not say when to try again. */
const defaultRetrySeconds = { quota: 60, unavailable: 5 };

/** Every error behind a request. A queued message is an answer, not a problem. */
export type RequestFailure =
  | Exclude<SendMessageError, { kind: "Queued" }>
  | CancelMessageError
  | QueueFull
  | ResolveMessageError
  | MessageNotFound
  | InvalidQuery
  | MarkReadError
  | UploadMediaError
  | NoWebhookReceiver
  | ErasePersonError
  | PauseNotFound
  | Unavailable;

/** What `Unavailable` means for requests other than a send. */
export const unavailableTo = {
  enqueue:
    "A required service is unavailable. The message may be in the queue: a repeat with the same Idempotency-Key queues it once.",
  show: "The message store is unavailable, so the message cannot be looked up.",
  list: "The message store is unavailable, so nothing can be listed.",
  count: "Messages cannot be counted now: the message store is unavailable, or is counting for many others.",
  check: "The message store does not accept commits, or the server is shutting down.",
  replay: "The message store is unavailable. It is safe to repeat the request.",
  change:
    "The message store or the quota service is unavailable. The message may have been changed: check it before you repeat the request.",
  record: "The message store is unavailable. Send the webhook again.",
} as const;

/**
 * The only mapping from errors to HTTP. `unavailable` is the detail of an `Unavailable` error. If an orphaned message could not be
 * resumed, the problem is that of a new send with the same error, and has the facts of the message too.
 */
export function problemOf(error: RequestFailure, now: Date, unavailable?: string): Problem {
  const problem = problemOfKind(error, now, unavailable);
  return isNotResumed(error) ? { ...problem, ...factsOf(error.message), detail: notResumedOf(error) } : problem;
}

function problemOfKind(
  error: RequestFailure,
  now: Date,
  unavailable = "A required service is unavailable. This request sent nothing.",
): Problem {
  switch (error.kind) {
    case "InvalidCommand":
      return invalidRequest("The message is invalid.", error.problems.map(fieldErrorOf));
    case "InvalidQuery":
      return invalidRequest("The query is invalid.", error.problems.map(fieldErrorOf));
    case "TenantUnknown":
    case "OutletUnknown":
      return tenantNotFound;
    case "MessageNotFound":
      return messageNotFound;
    case "PauseNotFound":
      return pauseNotFound;
    case "Conflict":
      return { ...factsOf(error.message), status: 409, type: "conflict", detail: conflictOf(error) };
    case "KeyReused":
      return {
        status: 422,
        type: "idempotency-key-reused",
        detail: "This Idempotency-Key was used with a different body. Use a new key for a new message.",
        ...(error.messageId !== undefined && { messageId: error.messageId }),
      };
    case "TemplateRefused":
      return templateProblem(error);
    case "InProgress":
      return {
        ...factsOf(error.message),
        status: 409,
        type: "idempotency-in-progress",
        detail: "The first request is still in progress. Repeat this one in a moment: the message is sent once.",
        retryAfterSeconds: 1,
      };
    case "QuotaExceeded":
      return {
        status: 429,
        type: "quota-exceeded",
        detail: "The tenant's quota is used up. Nothing was sent.",
        retryAfterSeconds: error.resetsAt ? secondsUntil(error.resetsAt, now) : defaultRetrySeconds.quota,
      };
    case "QueueFull":
      return {
        status: 429,
        type: "queue-full",
        detail: `${error.limit} messages of the tenant wait in the queue. Nothing was sent.`,
        retryAfterSeconds: secondsUntil(error.retryAt, now),
      };
    case "RateLimited":
      if ("cause" in error) {
        return {
          ...(error.cause === "outage" ? outage : rateLimited),
          detail: `Nothing was sent: ${error.reason.replace(/\.$/, "")}.`,
          retryAfterSeconds: secondsUntil(error.retryAt, now),
        };
      }
      return {
        ...factsOf(error.message),
        ...replay(error),
        ...rateLimited,
        detail: withDoubt(
          error.message,
          `The limit will not clear before this request's deadline: ${limitReasonOf(error.message, "WhatsApp is throttling")}.`,
        ),
        retryAfterSeconds: secondsUntil(error.retryAt, now),
      };
    case "Outage": {
      const reason = limitReasonOf(error.message, "WhatsApp is unavailable");
      return {
        ...factsOf(error.message),
        ...replay(error),
        ...outage,
        detail: bySending(
          error.message,
          `No further attempt will be made: ${reason}.`,
          `The message was not sent: ${reason}.`,
        ),
        retryAfterSeconds: secondsUntil(error.retryAt, now),
      };
    }
    case "Rejected":
      return {
        ...factsOf(error.message),
        ...replay(error),
        status: 422,
        type: "message-rejected",
        detail: bySending(
          error.message,
          "WhatsApp rejected the last attempt.",
          error.failure.advice ?? "WhatsApp rejected the message. It was not sent.",
        ),
      };
    case "CredentialsRejected":
      return {
        ...factsOf(error.message),
        ...replay(error),
        ...credentialsRejected,
        detail: withDoubt(error.message, credentialsRejected.detail),
      };
    case "NoOtherCredential":
      return error.rememberedUntil ? cachedRefusal(secondsUntil(error.rememberedUntil, now)) : credentialsRejected;
    case "DeliveryFailed":
      return {
        ...factsOf(error.message),
        ...replay(error),
        status: 500,
        type: "delivery-failed",
        detail: bySending(error.message, "No further attempt will be made.", notSentOf(error.message)),
        // A repeat under the same key gets the same answer, whenever it comes.
        ...(!error.replayed && { retryAfterSeconds: secondsUntil(error.retryAt, now) }),
      };
    case "OutcomeUnknown":
      return {
        ...factsOf(error.message),
        ...replay(error),
        status: 504,
        type: "outcome-unknown",
        detail: `${describeAmbiguity(error.message)} If this server receives webhooks, its status may later show whether it was sent. Otherwise resolve it: resend or abandon it.`,
      };
    case "OutcomeUnrecorded":
      return {
        ...factsOf(error.message),
        status: 504,
        type: "outcome-unknown",
        detail: "The message store became unavailable while the message was being sent.",
        messageStatus: "unknown",
      };
    case "Interrupted":
      return {
        ...factsOf(error.message),
        status: 503,
        type: "unavailable",
        detail: mayHaveBeenSent(error.message)
          ? `The service is shutting down. ${describeAmbiguity(error.message)} Repeating the request may send it twice.`
          : "The service is shutting down. The message was not sent: repeat the request.",
        retryAfterSeconds: 1,
      };
    case "InvalidRecipient":
      return invalidRequest("The recipient is invalid.", [{ pointer: "/to", detail: fieldRules.recipient }]);
    case "PersonInUse":
      return {
        status: 409,
        type: "conflict",
        title: "A message to this person is being sent",
        detail: `Everything else was erased. Repeat the request once these have ended: ${error.messageIds.slice(0, 20).join(", ")}.`,
      };
    case "NoWebhookReceiver":
      return noWebhookReceiver;
    case "Unavailable":
      return {
        status: 503,
        type: "unavailable",
        detail: "pause" in error ? `Nothing was sent: ${error.reason.replace(/\.$/, "")}.` : unavailable,
        retryAfterSeconds: error.retryAt ? secondsUntil(error.retryAt, now) : defaultRetrySeconds.unavailable,
      };
    default:
      return problemOfRequest(error);
  }
}

const rateLimited = { status: 429, type: "rate-limited" } as const;
const outage = { status: 503, type: "unavailable" } as const;
const credentialsRejected = {
  status: 502,
  type: "credentials-rejected",
  detail: "WhatsApp rejected the outlet's credentials or their permissions, and there are no others.",
} as const;

const noWebhookReceiver: Problem = {
  status: 409,
  type: "conflict",
  title: "Webhooks are not forwarded",
  detail: "This server has no receiver of webhooks. Set WEBHOOK_FORWARD_URL, restart it, and repeat the request.",
};

function cachedRefusal(retryAfterSeconds: number): Problem {
  return {
    ...credentialsRejected,
    detail: `WhatsApp has just rejected the outlet's credentials, and there are no others. They are not tried again for ${retryAfterSeconds} s. Nothing was sent.`,
    retryAfterSeconds,
  };
}

function replay({ replayed }: { replayed: boolean }): Partial<Problem> {
  return replayed ? { replayed } : {};
}

function secondsUntil(at: Date, now: Date): number {
  return Math.max(1, Math.ceil((at.getTime() - now.getTime()) / 1000));
}

/** A field has the name of the sender's, in snake_case. */
function fieldErrorOf({ path, detail }: InvalidQuery["problems"][number]): FieldError {
  const names = path.map((step) => String(step).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  return { pointer: pointerOf(names), detail };
}
