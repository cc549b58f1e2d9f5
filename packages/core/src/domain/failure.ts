/** Who or what stands in the way, which decides what a person should do about it. */
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

/** What WhatsApp answered when it did not take the message. */
export interface Failure {
  readonly class: FailureClass;
  /** Meta's `error.code`; absent where the answer was not a Graph error. */
  readonly code?: number;
  /** What the code says, in a few words that read on in the middle of a sentence; absent where there is no code. */
  readonly title?: string;
  readonly httpStatus?: number;
  /** What happened, in Meta's words where there are any. Never holds a token. */
  readonly details: string;
  /** What a person can do about it. */
  readonly advice?: string;
  /** What is known of the recipient bears on it: whether the 24-hour window is open, or that marketing was declined. */
  readonly concerns?: "window" | "opt-out";
  /** Meta's trace id, which its support asks for. */
  readonly fbtraceId?: string;
}
