import type { Failure } from "./failure.ts";

/** Whose limit was hit: the app's, the WhatsApp account's, the number's, or the sender-recipient pair's; or account maintenance. */
export type ThrottleScope = "app" | "account" | "number" | "maintenance" | "pair";

/** WhatsApp accepted the message for processing. */
export interface Accepted {
  readonly kind: "Accepted";
  readonly wamid: string;
  /** The recipient as WhatsApp resolved it; can differ from the request. */
  readonly waId?: string;
  /** Meta's `message_status`, if present: `accepted`, `held_for_quality_assessment` or `paused`. */
  readonly messageStatus?: string;
  readonly httpStatus?: number;
}

/** WhatsApp rejected the message. */
export interface Refused {
  readonly kind: "Refused";
  readonly failure: Failure;
  /** Whether the rejection is permanent. If so, the attempt is never repeated. */
  readonly final: boolean;
  /** Whether the message may have been sent all the same: this error sometimes follows a successful send. */
  readonly maybeProcessed: boolean;
  readonly retryAfterMs?: number;
}

/** WhatsApp rejected the access token; another one may work. */
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

/** No byte of the request was sent, so WhatsApp cannot have processed it. */
export interface NotSent {
  readonly kind: "NotSent";
  /** Whether a repeat cannot help, for example with an untrusted certificate. */
  readonly final: boolean;
  /** Whether this process did not even try, since the request was ready too late. It then uses up no attempt of the schedule. */
  readonly withheld?: boolean;
  readonly cause: string;
}

/** The request was sent and no readable answer arrived: WhatsApp may or may not have accepted the message. */
export interface Ambiguous {
  readonly kind: "Ambiguous";
  /** Whether a 2xx status arrived with a lost or unreadable body. A repeat would almost certainly send the message twice. */
  readonly sawSuccess: boolean;
  readonly cause: string;
  readonly httpStatus?: number;
  readonly retryAfterMs?: number;
}

/** The outcome of one attempt. */
export type Outcome = Accepted | Refused | CredentialRefused | Throttled | NotSent | Ambiguous;

/** Whether this process withheld the request. */
export function isWithheld(outcome: Outcome): boolean {
  return outcome.kind === "NotSent" && outcome.withheld === true;
}

/** The failure in WhatsApp's answer, if there was one. */
export function failureOf(outcome: Outcome): Failure | undefined {
  return "failure" in outcome ? outcome.failure : undefined;
}

/** The HTTP status of WhatsApp's answer, if there was one. */
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
