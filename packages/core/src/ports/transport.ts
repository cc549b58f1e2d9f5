import type { Content } from "../domain/content.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Credential } from "./credentials.ts";
import type { R } from "./result.ts";

/** One attempt at one message. */
export interface Submission {
  readonly credential: Credential;
  /** E.164 with its `+`. */
  readonly to: string;
  readonly content: Content;
  /** Echoed by WhatsApp in each status webhook of this attempt. */
  readonly callbackData: string;
}

/** Hands a message to WhatsApp. */
export interface Transport {
  /**
   * Makes exactly one request and never repeats it. Never fails: whatever happens is an `Outcome`, and it comes by
   * `timeoutMs` after the call. `NotSent` is a proof that no byte of the request left, then or later.
   */
  submit(submission: Submission, timeoutMs: number): R<Outcome, never>;
}
