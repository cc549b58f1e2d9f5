import type { Content } from "../content/content.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Credential } from "./credentials.ts";
import type { R } from "./result.ts";

/** One attempt at one message. */
export interface Submission {
  readonly credential: Credential;
  /** E.164 with its `+`, or a business-scoped user id. */
  readonly to: string;
  readonly content: Content;
  /** The id of the WhatsApp message that it quotes. */
  readonly replyTo?: string;
  /** Echoed by WhatsApp in each status webhook of this attempt. */
  readonly callbackData: string;
}

/** How much of a limit WhatsApp says is used up. */
export interface Usage {
  /** Whose limit it is. */
  readonly scope: "app" | "account";
  /** 100 is all of it. */
  readonly percent: number;
  /** How long nothing more is taken, where it is used up. */
  readonly regainAfterMs?: number;
}

/** What an attempt ended in, and what its answer said of limits. */
export type Submitted = Outcome & { readonly usage?: readonly Usage[] };

/** Hands a message to WhatsApp. */
export interface Transport {
  /**
   * Hands the submission over as it is. Makes exactly one request and never repeats it, whatever it ends in. Submissions
   * that are under way together do not mix. Never fails: an `Outcome` comes by `timeoutMs` after the call.
   *
   * What WhatsApp takes is `Accepted`, each under an id of its own. What WhatsApp does not take is `Refused`, and says
   * whether that is final. A limit is `Throttled`, with whose it is. A refused access token is `CredentialRefused`.
   * A request that left and was not answered is `Ambiguous`; a success that cannot be read is `Ambiguous` and saw success.
   * `NotSent` is a proof that no byte of the request left, then or later. No outcome holds the access token, even where
   * WhatsApp quotes it.
   */
  submit(submission: Submission, timeoutMs: number): R<Submitted, never>;
}
