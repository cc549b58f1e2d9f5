import type { Accepted } from "../domain/outcome.ts";
import type { Credential } from "./credentials.ts";
import type { R } from "./result.ts";
import type { Submitted, Usage } from "./transport.ts";

/** That a message was read, and perhaps that an answer is being written. */
export interface ReadReceipt {
  readonly credential: Credential;
  /** The id that WhatsApp gave the message that was received. */
  readonly whatsappMessageId: string;
  /** Shows the sender of the message that somebody types, until the answer comes or 25 s have passed. */
  readonly typing: boolean;
}

/** WhatsApp shows the message as read. */
export interface Marked {
  readonly kind: "Marked";
  readonly usage?: readonly Usage[];
}

/** What one request ended in. */
export type Receipted = Marked | Exclude<Submitted, Accepted>;

/** Tells WhatsApp which messages were read. */
export interface ReadReceipts {
  /**
   * Hands the receipt over as it is; marking a message again changes nothing. Makes exactly one request and never repeats it,
   * whatever it ends in. Never fails: an answer comes by `timeoutMs` after the call.
   *
   * What WhatsApp takes is `Marked`. What WhatsApp does not take is `Refused`, and says whether that is final. A limit is
   * `Throttled`, with whose it is. A refused access token is `CredentialRefused`. A request that left and was not answered,
   * or not readably, is `Ambiguous`. `NotSent` is a proof that no byte of the request left, then or later. No outcome holds
   * the access token, even where WhatsApp quotes it.
   */
  mark(receipt: ReadReceipt, timeoutMs: number): R<Receipted, never>;
}
