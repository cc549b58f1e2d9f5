/** An emoji on a message of the last 30 days. */
export interface Reaction {
  /** The id of the WhatsApp message. */
  readonly message_id: string;
  /** One emoji; empty takes back an earlier one. */
  readonly emoji: string;
}
