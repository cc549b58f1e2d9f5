import type { MessageId } from "../domain/identifiers.ts";

export interface Ids {
  /** A new id, unlike any before; later ones sort after earlier ones. */
  messageId(): MessageId;
  /** The same text gives the same digest; another text gives another (collision-resistant). */
  digest(text: string): string;
}
