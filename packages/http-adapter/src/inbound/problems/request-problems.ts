import type { MarkReadError, UploadMediaError } from "@message-sender/core";

import { whatsappErrorOf } from "./message-facts.ts";
import { invalidRequest, type Problem } from "./problem.ts";

const retrySeconds = 5;

/** Errors of requests to WhatsApp that send no message: read receipts and media uploads. */
type WhatsAppRequestFailure = Extract<
  MarkReadError | UploadMediaError,
  {
    kind:
      | "RequestRefused"
      | "RequestFailed"
      | "RequestUnknown"
      | "Aborted"
      | "MediaInvalid"
      | "MediaTooLarge"
      | "ContentFailed"
      | "ContentTooSlow";
  }
>;

export function problemOfRequest(error: WhatsAppRequestFailure): Problem {
  switch (error.kind) {
    case "RequestRefused":
      return {
        ...whatsappErrorOf(error.failure),
        status: 422,
        type: "message-rejected",
        title: "WhatsApp rejected the request",
        detail: error.failure.advice ?? "WhatsApp rejected the request.",
      };
    case "RequestFailed":
      return {
        ...whatsappErrorOf(error.failure),
        status: 500,
        type: "delivery-failed",
        title: "The request to WhatsApp failed",
        detail: `WhatsApp did not confirm the request${reasonBeside(error)}. It is safe to repeat it.`,
        retryAfterSeconds: retrySeconds,
      };
    case "RequestUnknown":
      return {
        status: 504,
        type: "outcome-unknown",
        title: "The outcome of the request to WhatsApp is unknown",
        detail: `WhatsApp gave no readable answer (${error.reason}) and may have processed the request. It is safe to repeat it.`,
      };
    case "Aborted":
      return {
        status: 503,
        type: "unavailable",
        detail: "The service is shutting down. WhatsApp may have processed the request: repeat it.",
        retryAfterSeconds: 1,
      };
    case "MediaInvalid":
      return invalidRequest("The file cannot be uploaded.", [{ pointer: "/file", detail: error.detail }]);
    case "MediaTooLarge":
      return {
        status: 413,
        type: "body-too-large",
        detail: `WhatsApp accepts up to ${Math.floor(error.largestBytes / 1024)} KiB of ${error.mimeType}.`,
      };
    case "ContentFailed":
      return { status: 408, detail: "The file did not arrive completely. Nothing was stored." };
    case "ContentTooSlow":
      return { status: 408, detail: "The file arrived too slowly. Nothing was stored." };
  }
}

/** The reason in parentheses, unless `whatsapp_error` has the same text. */
function reasonBeside({ reason, failure }: Extract<WhatsAppRequestFailure, { kind: "RequestFailed" }>): string {
  return reason === failure?.details ? "" : ` (${reason})`;
}
