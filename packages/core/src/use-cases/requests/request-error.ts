import type { Failure } from "../../domain/failure.ts";
import type { Accepted, Outcome } from "../../domain/outcome.ts";
import { clampRetryAfter } from "../../domain/retry-policy.ts";
import type { NoOtherCredential } from "../../ports/credentials.ts";
import type { RateLimited } from "../../ports/pacer.ts";
import type { Aborted } from "../../lifecycle/shutdown-signal.ts";

/** Why WhatsApp did not do what it was asked to, where that was not to send a message. */
export type WhatsAppRequestError =
  /** WhatsApp refused with a final error. */
  | { readonly kind: "RequestRefused"; readonly failure: Failure }
  /** WhatsApp was unreachable, did not answer or failed. A retry may help and does no harm. */
  | { readonly kind: "RequestFailed"; readonly reason: string; readonly failure?: Failure }
  /** An attempt had no readable answer and no later one settled it: it may have taken effect. A retry does no harm. */
  | { readonly kind: "RequestUnknown"; readonly reason: string }
  /** It refuses the outlet's credentials or their permissions, and there are no others. */
  | NoOtherCredential
  | Aborted
  | RateLimited;

export function requestErrorOf(outcome: Exclude<Outcome, Accepted>, now: Date): WhatsAppRequestError {
  switch (outcome.kind) {
    case "CredentialRefused":
      return { kind: "NoOtherCredential" };
    case "Throttled": {
      const retryAt = new Date(now.getTime() + Math.max(clampRetryAfter(outcome.retryAfterMs), leastThrottlePauseMs));
      return { kind: "RateLimited", retryAt, cause: "limit", reason: outcome.failure.details };
    }
    case "Refused": {
      const { failure } = outcome;
      if (!outcome.final) return { kind: "RequestFailed", reason: failure.details, failure };
      return failure.class === "permission" ? { kind: "NoOtherCredential" } : { kind: "RequestRefused", failure };
    }
    case "NotSent":
    case "Ambiguous":
      return { kind: "RequestFailed", reason: outcome.cause };
  }
}

const leastThrottlePauseMs = 1000;
