import type { ResultAsync } from "neverthrow";

import type { Content } from "../content/content.ts";
import type { MessagesVia } from "../domain/message.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Credential } from "./credentials.ts";

/** One attempt at one message. */
export interface Submission {
  readonly credential: Credential;
  /** E.164 with its `+`, or a business-scoped user id. */
  readonly to: string;
  readonly content: Content;
  /** The id of the WhatsApp message that it quotes. */
  readonly replyTo?: string;
  /** Which of WhatsApp's APIs takes it. Default: `cloud`. `marketing` with a template alone. */
  readonly via?: MessagesVia;
  /** Echoed by WhatsApp in each status webhook of this attempt. */
  readonly callbackData: string;
}

/** How much of a limit WhatsApp says is used up. */
export interface LimitUsage {
  /** Whose limit it is. */
  readonly scope: "app" | "account";
  /** 100 is all of it. */
  readonly percent: number;
  /** How long WhatsApp accepts nothing more, where it is used up. */
  readonly regainAfterMs?: number;
}

/** The outcome of an attempt, and what its answer said about limits. */
export type Submitted = Outcome & { readonly usage?: readonly LimitUsage[] };

/**
 * Sends messages to WhatsApp. Not promised: that a message that is `Accepted` arrives, or that one whose outcome is `Ambiguous` was
 * not sent. An adapter that waits in real time marks itself with `inRealTime`.
 */
export interface Transport {
  /**
   * Sends the submission unchanged, by the API that its `via` names. Makes exactly one request and never repeats it, whatever it
   * ends in. Concurrent submissions do not affect each other. Never fails: an `Outcome` comes by `timeoutMs` after the call.
   *
   * What WhatsApp accepts is `Accepted`, each with an id of its own. What WhatsApp rejects is `Refused`, with whether that is
   * final. A rate limit is `Throttled`, with whose limit it is. A rejected access token is `CredentialRefused`. A request that
   * was sent and got no answer is `Ambiguous`; a success that cannot be read is `Ambiguous` with `sawSuccess`. `NotSent` proves
   * that no byte of the request was sent or will be. No outcome contains the access token, even where WhatsApp quotes it.
   *
   * Asks `mayBegin` right before the first byte, when there is nothing else to wait for, such as a connection. Where it answers
   * false, nothing is sent, and the outcome is `NotSent`. Default: it may.
   */
  submit(submission: Submission, timeoutMs: number, mayBegin?: () => boolean): ResultAsync<Submitted, never>;
}
