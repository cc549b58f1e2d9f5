import type { ResultAsync } from "neverthrow";

import type { Accepted } from "../domain/outcome.ts";
import type { Credential } from "./credentials.ts";
import type { Submitted, LimitUsage } from "./transport.ts";

/** Marks a message as read, and can show that an answer is being written. */
export interface ReadReceipt {
  readonly credential: Credential;
  /** The id that WhatsApp gave the message that was received. */
  readonly whatsappMessageId: string;
  /** Shows the sender of the message a typing indicator until the answer comes, or for 25 s. */
  readonly typing: boolean;
}

/** WhatsApp shows the message as read. */
export interface ReadConfirmed {
  readonly kind: "ReadConfirmed";
  readonly usage?: readonly LimitUsage[];
}

/** The outcome of one request. */
export type ReadReceiptOutcome = ReadConfirmed | Exclude<Submitted, Accepted>;

/** Marks received messages as read at WhatsApp. */
export interface ReadReceipts {
  /**
   * Sends the receipt unchanged; marking a message again changes nothing. Makes exactly one request and never repeats it,
   * whatever it ends in. Never fails: an answer comes by `timeoutMs` after the call.
   *
   * What WhatsApp accepts is `ReadConfirmed`. What WhatsApp rejects is `Refused`, with whether that is final. A rate limit is
   * `Throttled`, with whose limit it is. A rejected access token is `CredentialRefused`. A request that was sent and got no
   * readable answer is `Ambiguous`. `NotSent` proves that no byte of the request was sent or will be. No outcome contains the
   * access token, even where WhatsApp quotes it.
   *
   * Asks `mayBegin` right before the first byte, when there is nothing else to wait for, such as a connection. Where it answers
   * false, nothing is sent, and the outcome is `NotSent`. Default: it may.
   */
  mark(receipt: ReadReceipt, timeoutMs: number, mayBegin?: () => boolean): ResultAsync<ReadReceiptOutcome, never>;
}
