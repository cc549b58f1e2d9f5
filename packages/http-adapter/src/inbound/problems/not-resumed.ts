import type { NotResumed } from "@message-sender/core";

import { withDoubt } from "./message-facts.ts";

/** Whether the error is about an orphaned message that a repeat of its key could not resume. */
export function isNotResumed(error: { readonly kind: string }): error is NotResumed {
  switch (error.kind) {
    case "RateLimited":
      return "cause" in error && hasStoredMessage(error);
    case "OutletUnknown":
    case "NoOtherCredential":
    case "Unavailable":
      return hasStoredMessage(error);
    default:
      return false;
  }
}

/** A port of the caller's may answer with an `Error`, whose `message` is a text. */
function hasStoredMessage(error: object): boolean {
  return "message" in error && typeof error.message === "object";
}

/** Why the message could not be resumed, and that an earlier attempt may have sent it. */
export function notResumedOf(error: NotResumed): string {
  return withDoubt(error.message, `This request sent nothing, because ${causeOf(error)}.`);
}

function causeOf(error: NotResumed): string {
  switch (error.kind) {
    case "RateLimited":
      return error.reason.replace(/\.$/, "");
    case "OutletUnknown":
      return "there is no such tenant or outlet";
    case "NoOtherCredential":
      return "WhatsApp rejects the outlet's credentials";
    case "Unavailable":
      return "a required service is unavailable";
  }
}
