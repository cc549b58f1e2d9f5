import { err, ok, type Result } from "neverthrow";

import type { Failure } from "./failure.ts";
import type { Message } from "./message.ts";
import { failureOf } from "./outcome.ts";
import { clampRetryAfter } from "./retry-policy.ts";
import { hasOpenAmbiguity, lastOutcomeOf, wasAccepted } from "./status.ts";

/** Why the call that waited for a message ended without WhatsApp having accepted it. The message says what is known of it. */
export type NotDelivered =
  /** WhatsApp refused it for good. */
  | { readonly kind: "Rejected"; readonly message: Message; readonly failure: Failure }
  /** WhatsApp refused the outlet's credentials or their permissions, and there are no others. */
  | { readonly kind: "CredentialsRejected"; readonly message?: Message }
  /** Every attempt that the schedule and the deadline allow has failed. A new message may find WhatsApp working at `retryAt`. */
  | { readonly kind: "DeliveryFailed"; readonly message: Message; readonly retryAt: Date }
  /** Stopped although an attempt may have gone through. */
  | { readonly kind: "OutcomeUnknown"; readonly message: Message }
  /** WhatsApp throttles past the deadline. */
  | { readonly kind: "RateLimited"; readonly message?: Message; readonly retryAt: Date }
  /** WhatsApp does not work for longer than the call may wait, and no further attempt was made for that. */
  | { readonly kind: "Outage"; readonly message: Message; readonly retryAt: Date }
  /** The sender was shut down before an attempt that could tell. */
  | { readonly kind: "Interrupted"; readonly message: Message }
  /** The queue still has it. */
  | { readonly kind: "Queued"; readonly message: Message }
  /** Another call still waits for it. */
  | { readonly kind: "InProgress"; readonly message?: Message };

/**
 * The answer to the call that waits for a message, now and at each repeat under its key. What WhatsApp took is answered as
 * such, also where it failed since.
 */
export function answerOf(message: Message): Result<Message, NotDelivered> {
  if (wasAccepted(message)) return ok(message);
  if (!message.conclusion) return err({ kind: message.mode === "queued" ? "Queued" : "InProgress", message });
  const { as, at, retryAt, heldBack } = message.conclusion;
  const isOpen = hasOpenAmbiguity(message);
  switch (as) {
    case "refused":
      return err(refusal(message));
    case "exhausted":
    case "expired":
    case "canceled":
    case "abandoned":
      return err(deliveryFailed(message, at));
    case "throttled":
      if (isOpen) return err({ kind: "OutcomeUnknown", message });
      return err({ kind: heldBack?.because === "outage" ? "Outage" : "RateLimited", message, retryAt: retryAt ?? at });
    case "interrupted":
      return err({ kind: isOpen ? "OutcomeUnknown" : "Interrupted", message });
    case "held":
    case "cut off":
      return err(isOpen ? { kind: "OutcomeUnknown", message } : settled(message, at));
  }
}

function deliveryFailed(message: Message, at: Date): NotDelivered {
  return { kind: "DeliveryFailed", message, retryAt: new Date(at.getTime() + retryAfterMs(message)) };
}

/** What WhatsApp last asked for, but at least the time until the circuit breaker's next probe. */
function retryAfterMs(message: Message): number {
  const outcome = lastOutcomeOf(message);
  return Math.max(
    leastRetryAfterMs,
    clampRetryAfter(outcome && "retryAfterMs" in outcome ? outcome.retryAfterMs : undefined),
  );
}

const leastRetryAfterMs = 5000;

/** For a message that may have been sent, until webhooks reported its attempts as failed. */
function settled(message: Message, at: Date): NotDelivered {
  const outcome = lastOutcomeOf(message);
  if (outcome?.kind === "Refused" && outcome.final) return refusal(message);
  return deliveryFailed(message, at);
}

function refusal(message: Message): NotDelivered {
  const outcome = lastOutcomeOf(message);
  const failure = outcome && failureOf(outcome);
  return outcome?.kind === "Refused" && outcome.final && failure && !isAboutAccess(failure)
    ? { kind: "Rejected", message, failure }
    : { kind: "CredentialsRejected", message };
}

function isAboutAccess(failure: Failure): boolean {
  return failure.class === "permission" || failure.class === "credentials";
}
