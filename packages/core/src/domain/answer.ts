import { err, ok, type Result } from "neverthrow";

import type { Failure } from "./failure.ts";
import type { Conclusion, Message } from "./message.ts";
import { failureOf } from "./outcome.ts";
import { clampRetryAfter } from "./retry-policy.ts";
import { hasOpenAmbiguity, lastOutcomeOf, wasAccepted } from "./status.ts";

/**
 * Why a call that waited for a message ended before WhatsApp accepted it. `message` holds what is known about it; without one,
 * nothing was stored.
 */
export type NotDelivered =
  /** WhatsApp rejected the message. Sending it again cannot succeed. */
  | { readonly kind: "Rejected"; readonly message: Message; readonly failure: Failure }
  /** WhatsApp rejected the outlet's credentials or their permissions, and the outlet has no others. */
  | { readonly kind: "CredentialsRejected"; readonly message?: Message }
  /** Every attempt that the schedule and the deadline allow has failed. A new message may succeed from `retryAt` on. */
  | { readonly kind: "DeliveryFailed"; readonly message: Message; readonly retryAt: Date }
  /** No further attempt is made, and an earlier one may have sent the message. */
  | { readonly kind: "OutcomeUnknown"; readonly message: Message }
  /** A rate limit will not clear before the call's deadline. */
  | { readonly kind: "RateLimited"; readonly message?: Message; readonly retryAt: Date }
  /**
   * WhatsApp is failing, or what the message needs was paused, so no further attempt is made. `retryAt` is when the next probe may
   * find WhatsApp working, or when the pause ends.
   */
  | { readonly kind: "Outage"; readonly message: Message; readonly retryAt: Date }
  /** The sender was shut down while the call waited for an attempt. No earlier attempt is without an answer. */
  | { readonly kind: "Interrupted"; readonly message: Message }
  /** The message is in the queue and will be sent from there. */
  | { readonly kind: "Queued"; readonly message: Message }
  /** Another call is sending the message. */
  | { readonly kind: "InProgress"; readonly message?: Message };

/**
 * The answer to a call that waits for a message, and to each repeat of it under the same key. A message that WhatsApp accepted
 * is `ok`, even if a webhook has reported since that it failed.
 */
export function answerOf(message: Message): Result<Message, NotDelivered> {
  if (wasAccepted(message)) return ok(message);
  if (!message.conclusion) return err({ kind: message.mode === "queued" ? "Queued" : "InProgress", message });
  const { as, at, retryAt, heldBack } = message.conclusion;
  const isUnknown = hasOpenAmbiguity(message);
  switch (as) {
    case "refused":
      return err(rejected(message));
    case "exhausted":
    case "expired":
    case "canceled":
    case "abandoned":
      return err(deliveryFailed(message, at));
    case "throttled":
      if (isUnknown) return err({ kind: "OutcomeUnknown", message });
      return err({ kind: isLimit(heldBack) ? "RateLimited" : "Outage", message, retryAt: retryAt ?? at });
    case "interrupted":
      return err({ kind: isUnknown ? "OutcomeUnknown" : "Interrupted", message });
    case "held":
    case "cut off":
      return err(isUnknown ? { kind: "OutcomeUnknown", message } : settled(message, at));
  }
}

function isLimit(heldBack: Conclusion["heldBack"]): boolean {
  return !heldBack || heldBack.because === "limit";
}

function deliveryFailed(message: Message, at: Date): NotDelivered {
  return { kind: "DeliveryFailed", message, retryAt: new Date(at.getTime() + retryAfterMs(message)) };
}

/** The `Retry-After` of the last outcome, but at least the time until the circuit breaker's next probe. */
function retryAfterMs(message: Message): number {
  const outcome = lastOutcomeOf(message);
  return Math.max(
    leastRetryAfterMs,
    clampRetryAfter(outcome && "retryAfterMs" in outcome ? outcome.retryAfterMs : undefined),
  );
}

const leastRetryAfterMs = 5000;

/** The answer for a message that might have been sent, once webhooks have reported that its attempts failed. */
function settled(message: Message, at: Date): NotDelivered {
  const outcome = lastOutcomeOf(message);
  if (outcome?.kind === "Refused" && outcome.final) return rejected(message);
  return deliveryFailed(message, at);
}

function rejected(message: Message): NotDelivered {
  const outcome = lastOutcomeOf(message);
  const failure = outcome && failureOf(outcome);
  return outcome?.kind === "Refused" && outcome.final && failure && !isAboutAccess(failure)
    ? { kind: "Rejected", message, failure }
    : { kind: "CredentialsRejected", message };
}

function isAboutAccess(failure: Failure): boolean {
  return failure.class === "permission" || failure.class === "credentials";
}
