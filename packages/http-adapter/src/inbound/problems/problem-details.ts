import {
  describeAmbiguity,
  type Failure,
  failureOfMessage,
  type MarkReadError,
  mayBeTriedAnew,
  mayHaveBeenSent,
  type Message,
  type MessageNotFound,
  type ResolveMessageError,
  type SendMessageError,
  statusOf,
  type Unavailable,
  type UploadMediaError,
} from "@message-sender/core";

import { pointerOf } from "./pointer.ts";
import { invalidRequest, messageNotFound, type Problem, type RequestError, tenantNotFound } from "./problem.ts";

/** What is waited for, in seconds, where nobody said how long. */
const defaultRetrySeconds = { quota: 60, unavailable: 5, failed: 5 };

/** What can go wrong behind a request. That a message is in the queue is an answer and no problem. */
export type RequestFailure =
  | Exclude<SendMessageError, { kind: "Queued" }>
  | ResolveMessageError
  | MessageNotFound
  | MarkReadError
  | UploadMediaError
  | Unavailable;

/** What `Unavailable` means to whoever asked for something else than to send. */
export const unavailableTo = {
  show: "The message store is not available: nothing can be said of the message now.",
  check: "The message store does not take commits, or the server is shutting down.",
  replay: "The message store is not available. Repeating the request does no harm.",
  resolve:
    "The message store, or what grants quota, is not available. Look at the message before you repeat the request: it may have been resolved.",
  record: "The message store is not available. The webhook is to be sent again.",
} as const;

/** The one place where what went wrong becomes HTTP. `unavailable`: what is said where that is all that is known. */
export function problemOf(
  error: RequestFailure,
  now: Date,
  unavailable = "A required service is not available. Nothing was sent.",
): Problem {
  switch (error.kind) {
    case "InvalidCommand":
      return invalidRequest(
        "The message is not one that can be sent.",
        error.problems.map(({ path, detail }): RequestError => ({ pointer: pointerOf(path), detail })),
      );
    case "TenantUnknown":
    case "OutletUnknown":
      return tenantNotFound;
    case "MessageNotFound":
      return messageNotFound;
    case "Conflict":
      return {
        ...factsOf(error.message),
        status: 409,
        type: "conflict",
        detail: conflictOf(error.message),
      };
    case "KeyReused":
      return {
        status: 422,
        type: "idempotency-key-reused",
        detail: "The same Idempotency-Key came with another body. A new message needs a new key.",
        ...(error.messageId !== undefined && { messageId: error.messageId }),
      };
    case "InProgress":
      return {
        ...factsOf(error.message),
        status: 409,
        type: "idempotency-in-progress",
        detail: "Ask again in a moment; the message is sent once.",
        retryAfterSeconds: 1,
      };
    case "QuotaExceeded":
      return {
        status: 429,
        type: "quota-exceeded",
        detail: "The tenant may send nothing more for now. Nothing was sent.",
        retryAfterSeconds: error.resetsAt ? secondsUntil(error.resetsAt, now) : defaultRetrySeconds.quota,
      };
    case "RateLimited":
      if ("cause" in error) {
        return {
          ...(error.cause === "outage" ? outage : rateLimited),
          detail: `Nothing was sent: ${error.reason}.`,
          retryAfterSeconds: secondsUntil(error.until, now),
        };
      }
      return {
        ...factsOf(error.message),
        ...replay(error),
        ...rateLimited,
        detail: withDoubt(
          error.message,
          `This call may not wait so long: ${reasonOf(error.message, "WhatsApp throttles")}.`,
        ),
        retryAfterSeconds: secondsUntil(error.retryAt, now),
      };
    case "Outage":
      return {
        ...factsOf(error.message),
        ...replay(error),
        ...outage,
        detail: mayHaveBeenSent(error.message)
          ? withDoubt(error.message, `Nothing more is tried: ${reasonOf(error.message, "WhatsApp does not work")}.`)
          : `The message was not sent: ${reasonOf(error.message, "WhatsApp does not work")}.`,
        retryAfterSeconds: secondsUntil(error.retryAt, now),
      };
    case "Rejected":
      return {
        ...factsOf(error.message),
        ...replay(error),
        status: 422,
        type: "message-rejected",
        detail: mayHaveBeenSent(error.message)
          ? `WhatsApp refused the last attempt for good. ${describeAmbiguity(error.message)}`
          : (error.failure.advice ?? "WhatsApp refused the message for good. It was not sent."),
      };
    case "CredentialsRejected":
      return {
        ...factsOf(error.message),
        ...replay(error),
        ...credentialsRejected,
        detail: withDoubt(error.message, credentialsRejected.detail),
      };
    case "NoOtherCredential":
      return error.rememberedUntil ? rememberedRefusal(secondsUntil(error.rememberedUntil, now)) : credentialsRejected;
    case "DeliveryFailed":
      return {
        ...factsOf(error.message),
        ...replay(error),
        status: 500,
        type: "delivery-failed",
        detail: mayHaveBeenSent(error.message)
          ? `Nothing more is tried. ${describeAmbiguity(error.message)}`
          : "Every attempt failed. The message was not sent.",
        // A repeat under the same key gets the same answer, whenever it comes.
        ...(!error.replayed && { retryAfterSeconds: secondsUntil(error.retryAt, now) }),
      };
    case "OutcomeUnknown":
      return {
        ...factsOf(error.message),
        ...replay(error),
        status: 504,
        type: "outcome-unknown",
        detail: `${describeAmbiguity(error.message)} Where webhooks reach this server, the message's status may tell later.`,
      };
    case "OutcomeUnrecorded":
      return {
        ...factsOf(error.message),
        status: 504,
        type: "outcome-unknown",
        detail: "The store was lost while the message was being sent.",
        messageStatus: "unknown",
      };
    case "Interrupted":
      return {
        ...factsOf(error.message),
        status: 503,
        type: "unavailable",
        detail: mayHaveBeenSent(error.message)
          ? `The service is shutting down. ${describeAmbiguity(error.message)} Repeating the request may send it twice.`
          : "The service is shutting down. The message was not sent; repeat the request.",
        retryAfterSeconds: 1,
      };
    case "RequestRefused":
      return {
        ...whatsappErrorOf(error.failure),
        status: 422,
        type: "message-rejected",
        title: "WhatsApp refused what it was asked to do",
        detail: error.failure.advice ?? "WhatsApp refused it for good.",
      };
    case "RequestFailed":
      return {
        ...whatsappErrorOf(error.failure),
        status: 500,
        type: "delivery-failed",
        title: "WhatsApp did not do what it was asked to",
        detail: `WhatsApp did not take it, or did not say so${reasonBeside(error)}. Repeating the request does no harm.`,
        retryAfterSeconds: defaultRetrySeconds.failed,
      };
    case "RequestUnknown":
      return {
        status: 504,
        type: "outcome-unknown",
        title: "It is not known whether WhatsApp did what it was asked to",
        detail: `No readable answer came (${error.reason}), so WhatsApp may have done it. Repeating the request does no harm.`,
      };
    case "CutOff":
      return {
        status: 503,
        type: "unavailable",
        detail:
          "The service is shutting down. It is not known whether WhatsApp did what it was asked to; repeat the request.",
        retryAfterSeconds: 1,
      };
    case "MediaInvalid":
      return invalidRequest("The file is not one that can be uploaded.", [{ pointer: "/file", detail: error.detail }]);
    case "MediaTooLarge":
      return {
        status: 413,
        type: "body-too-large",
        detail: `WhatsApp takes up to ${Math.floor(error.largestBytes / 1024)} KiB of ${error.mimeType}.`,
      };
    case "ContentFailed":
      return { status: 408, detail: "The file did not arrive whole. Nothing was kept of it." };
    case "ContentTooSlow":
      return { status: 408, detail: "The file came too slowly. Nothing was kept of it." };
    case "Unavailable":
      return {
        status: 503,
        type: "unavailable",
        detail: unavailable,
        retryAfterSeconds: error.retryAt ? secondsUntil(error.retryAt, now) : defaultRetrySeconds.unavailable,
      };
  }
}

/** `detail`, and that the message may have been sent where that is so. */
function withDoubt(message: Message | undefined, detail: string): string {
  return message && mayHaveBeenSent(message) ? `${detail} ${describeAmbiguity(message)}` : detail;
}

function conflictOf(message: Message): string {
  if (!mayBeTriedAnew(message))
    return `Only a message that is unknown can be abandoned, and only one that is unknown or failed resent; this one is ${statusOf(message)}.`;
  return mayHaveBeenSent(message)
    ? withDoubt(message, "Its Idempotency-Key is free: repeat the request with the same key.")
    : "The message was not sent and its Idempotency-Key is free: repeat the request with the same key.";
}

const rateLimited = { status: 429, type: "rate-limited" } as const;
const outage = { status: 503, type: "unavailable" } as const;

/** Why a message was held back, where it was not WhatsApp's answer to it. */
function reasonOf(message: Message | undefined, otherwise: string): string {
  return message?.conclusion?.heldBack?.reason ?? otherwise;
}

/** Where WhatsApp said why, `whatsapp_error` has its words. */
function reasonBeside({ reason, failure }: Extract<RequestFailure, { kind: "RequestFailed" }>): string {
  return reason === failure?.details ? "" : ` (${reason})`;
}

const credentialsRejected = {
  status: 502,
  type: "credentials-rejected",
  detail: "WhatsApp refused the outlet's credentials or their permissions, and there are no others.",
} as const;

function rememberedRefusal(retryAfterSeconds: number): Problem {
  return {
    ...credentialsRejected,
    detail: `WhatsApp was not asked: it has just refused the outlet's credentials, and there are no others. This is remembered for ${retryAfterSeconds} s more. Nothing was sent.`,
    retryAfterSeconds,
  };
}

function factsOf(message: Message | undefined): Partial<Problem> {
  if (!message) return {};
  const failure = failureOfMessage(message);
  return {
    messageId: message.id,
    messageStatus: statusOf(message),
    attempts: message.attempts.length,
    ...whatsappErrorOf(failure),
  };
}

function whatsappErrorOf(failure: Failure | undefined): Pick<Problem, "whatsappError"> {
  if (!failure) return {};
  const { code, details, fbtraceId } = failure;
  return {
    whatsappError: { ...(code !== undefined && { code }), details, ...(fbtraceId && { fbtrace_id: fbtraceId }) },
  };
}

function replay({ replayed }: { replayed: boolean }): Partial<Problem> {
  return replayed ? { replayed } : {};
}

function secondsUntil(at: Date, now: Date): number {
  return Math.max(1, Math.ceil((at.getTime() - now.getTime()) / 1000));
}
