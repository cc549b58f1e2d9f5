import type { Failure } from "../../domain/failure.ts";
import type { Accepted, Outcome } from "../../domain/outcome.ts";
import { clampRetryAfter } from "../../domain/retry-policy.ts";
import type { NoOtherCredential } from "../../ports/credentials.ts";
import type { RateLimited } from "../../ports/pacer.ts";

/** Why a request to WhatsApp failed that was not a message: a read receipt or an upload. */
export type WhatsAppRequestError =
  /** WhatsApp rejected the request. A retry cannot help. */
  | { readonly kind: "RequestRefused"; readonly failure: Failure }
  /** WhatsApp was unreachable, did not answer or failed. A retry may succeed and does no harm. */
  | { readonly kind: "RequestFailed"; readonly reason: string; readonly failure?: Failure }
  | RequestUnknown
  /** WhatsApp rejects the outlet's credentials or their permissions, and the outlet has no others. */
  | NoOtherCredential
  | RateLimited;

/** An attempt got no readable answer, and no later one settled it: it may have taken effect. A retry does no harm. */
export interface RequestUnknown {
  readonly kind: "RequestUnknown";
  readonly reason: string;
}

/** The error for the last outcome of a request. */
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
