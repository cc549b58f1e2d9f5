import type { Recipient, RecipientFact, RecipientName } from "../domain/recipient.ts";
import type { R, Unavailable } from "./result.ts";

/** Keeps what WhatsApp told us of the people whom our numbers write to. */
export interface Recipients {
  /**
   * Notes facts, all of them or none. Of each kind the latest time counts, in whatever order they come. To note one again
   * changes nothing.
   */
  note(facts: readonly RecipientFact[]): R<void, Unavailable>;
  /** Notes the name that WhatsApp knows a recipient of a number by. The name that is noted last counts. */
  noteName(name: RecipientName): R<void, Unavailable>;
  /** What was noted of one recipient of one number, to the millisecond: no field where there was nothing. */
  find(phoneNumberId: string, recipient: string): R<Recipient, Unavailable>;
}
