import type { ResultAsync } from "neverthrow";

import type { Recipient, RecipientFact, RecipientName } from "../../domain/recipient.ts";
import type { Unavailable } from "../unavailable.ts";

/** Keeps what WhatsApp reports about recipients of our numbers. */
export interface Recipients {
  /**
   * Notes facts, all of them or none. Of each kind the latest time counts, in whatever order facts come. Noting a fact again
   * changes nothing.
   */
  note(facts: readonly RecipientFact[]): ResultAsync<void, Unavailable>;
  /** Notes the name by which WhatsApp knows a recipient of a number. The name noted last counts. */
  noteName(name: RecipientName): ResultAsync<void, Unavailable>;
  /** What was noted about one recipient of one number, to the millisecond: without the fields that were never noted. */
  find(phoneNumberId: string, recipient: string): ResultAsync<Recipient, Unavailable>;
}
