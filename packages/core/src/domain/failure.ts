/** What caused a failure, and so who can do something about it. */
export type FailureClass =
  | "transient"
  | "throttled"
  | "credentials"
  | "permission"
  | "account"
  | "policy"
  | "recipient"
  | "request"
  | "template"
  | "protocol";

/** WhatsApp's answer when it did not accept a message. */
export interface Failure {
  readonly class: FailureClass;
  /** Meta's `error.code`; absent if the answer was not a Graph error. */
  readonly code?: number;
  /** The meaning of the code, as a short clause; absent without a code. */
  readonly title?: string;
  readonly httpStatus?: number;
  /** What happened, in Meta's words if there are any. Never contains a token. */
  readonly details: string;
  /** What a person can do about it. */
  readonly advice?: string;
  /**
   * What explains it: whether the recipient's 24-hour window is open, that they opted out of marketing, or that the template is
   * paused, which ends by itself.
   */
  readonly concerns?: "window" | "opt-out" | "pause";
  /** Meta's trace id, for Meta's support. */
  readonly fbtraceId?: string;
}
