import type { Failure } from "./failure.ts";

/** Whose limit was hit: the app's, the WhatsApp account's, the number's, its maintenance, or the sender-recipient pair's. */
export type ThrottleScope = "app" | "account" | "number" | "maintenance" | "pair";

/** WhatsApp has taken the message for processing. */
export interface Accepted {
  readonly kind: "Accepted";
  readonly wamid: string;
  /** What WhatsApp resolved the recipient to; can differ from what was asked for. */
  readonly waId?: string;
  /** What WhatsApp does with it first, where it says so: `accepted`, `held_for_quality_assessment` or `paused`. */
  readonly messageStatus?: string;
  readonly httpStatus?: number;
}

/** WhatsApp answered, and did not take it. */
export interface Refused {
  readonly kind: "Refused";
  readonly failure: Failure;
  /** A final refusal is never repeated. */
  readonly final: boolean;
  /** This error sometimes follows a send that went through. */
  readonly maybeProcessed: boolean;
  readonly retryAfterMs?: number;
}

/** The access token was refused; another one may work. */
export interface CredentialRefused {
  readonly kind: "CredentialRefused";
  readonly failure: Failure;
}

/** A limit was hit; nothing was processed. */
export interface Throttled {
  readonly kind: "Throttled";
  readonly scope: ThrottleScope;
  readonly failure: Failure;
  readonly retryAfterMs?: number;
}

/** The request never left, so it cannot have been processed. */
export interface NotSent {
  readonly kind: "NotSent";
  /** Repeating cannot help, such as with a certificate that is not trusted. */
  readonly final: boolean;
  readonly cause: string;
}

/** The request left and no readable answer came: WhatsApp may or may not have taken it. */
export interface Ambiguous {
  readonly kind: "Ambiguous";
  /** A 2xx head arrived and its body was lost or unreadable: a repeat would almost certainly send the message twice. */
  readonly sawSuccess: boolean;
  readonly cause: string;
  readonly httpStatus?: number;
  readonly retryAfterMs?: number;
}

/** All that one attempt can end in. */
export type Outcome = Accepted | Refused | CredentialRefused | Throttled | NotSent | Ambiguous;

/** What WhatsApp said, where it said anything. */
export function failureOf(outcome: Outcome): Failure | undefined {
  return "failure" in outcome ? outcome.failure : undefined;
}

/** The HTTP status of WhatsApp's answer, where there was one. */
export function httpStatusOf(outcome: Outcome): number | undefined {
  return "httpStatus" in outcome ? outcome.httpStatus : failureOf(outcome)?.httpStatus;
}

/** Whether the attempt may have reached the recipient. */
export function mayHaveSent(outcome: Outcome): boolean {
  return (
    outcome.kind === "Accepted" ||
    outcome.kind === "Ambiguous" ||
    (outcome.kind === "Refused" && outcome.maybeProcessed)
  );
}
