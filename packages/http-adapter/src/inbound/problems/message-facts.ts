import { type Failure, type Message, type ResolveMessageError, statusOf } from "@message-sender/core";
import {
  describeAmbiguity,
  failureOfMessage,
  canRetryWithSameKey,
  mayHaveBeenSent,
} from "@message-sender/core/adapter";

import { maskNumbers } from "../../masked-numbers.ts";
import { withoutContent } from "../../without-content.ts";
import type { Problem } from "./problem.ts";

/** What every problem says about the message that it concerns. */
export function factsOf(message: Message | undefined): Partial<Problem> {
  if (!message) return {};
  const failure = failureOfMessage(message);
  return {
    messageId: message.id,
    messageStatus: statusOf(message),
    attempts: message.attempts.length,
    ...whatsappErrorOf(failure && { ...failure, details: withoutContent(failure.details, message.request) }),
  };
}

/** A problem may end up in a log of the caller, so phone numbers are masked. The record of the message has the text as it is. */
export function whatsappErrorOf(failure: Failure | undefined): Pick<Problem, "whatsappError"> {
  if (!failure) return {};
  const { code, details, fbtraceId } = failure;
  return {
    whatsappError: {
      ...(code !== undefined && { code }),
      details: maskNumbers(details),
      ...(fbtraceId && { fbtrace_id: fbtraceId }),
    },
  };
}

/** `detail`, followed by a warning if the message may have been sent. */
export function withDoubt(message: Message | undefined, detail: string): string {
  return message && mayHaveBeenSent(message) ? `${detail} ${describeAmbiguity(message)}` : detail;
}

/** `sent` if the message may have been sent, with a warning; `notSent` otherwise. */
export function bySending(message: Message, sent: string, notSent: string): string {
  return mayHaveBeenSent(message) ? withDoubt(message, sent) : notSent;
}

/** Why a message was not sent. One that was queued may have ended without an attempt. */
export function notSentOf({ conclusion }: Message): string {
  if (conclusion?.as === "expired") return "The message expired before it could be sent.";
  if (conclusion?.as === "canceled") return "The message was canceled before it was sent.";
  return "Every attempt failed. The message was not sent.";
}

/** Why the message was rate limited, unless WhatsApp's own answer says it. */
export function limitReasonOf(message: Message | undefined, otherwise: string): string {
  return message?.conclusion?.heldBack?.reason ?? otherwise;
}

/** Why an operator's decision does not apply to the message. */
export function conflictOf({ message, action }: Extract<ResolveMessageError, { kind: "Conflict" }>): string {
  if (action === "cancel") {
    return message.mode === "queued"
      ? `Only a queued message can be canceled. This message is ${statusOf(message)}.`
      : `Only a message in the queue can be canceled. A call sends or sent this message, which is ${statusOf(message)}.`;
  }
  if (action === "replay history") {
    return message.told === undefined
      ? `Only a message that was sent is in the history. This message is ${statusOf(message)}.`
      : "Its history was delivered, and cannot be delivered again: the person was erased, or there is no Conversation Service.";
  }
  if (!canRetryWithSameKey(message))
    return `Only an unknown message can be abandoned, and only an unknown or failed one resent. This message is ${statusOf(message)}.`;
  return bySending(
    message,
    "Its Idempotency-Key is free: repeat the request with the same key.",
    "The message was not sent, and its Idempotency-Key is free: repeat the request with the same key.",
  );
}
