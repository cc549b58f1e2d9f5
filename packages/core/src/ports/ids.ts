import type { MessageId } from "../content/identifiers.ts";

/** Creates ids and digests. */
export interface Ids {
  /** A new id, unlike any before. Later ids sort after earlier ones. Each id is an `Identifier`. */
  messageId(): MessageId;
  /** A new id for a request to another service, unlike any before. */
  requestId(): string;
  /** The same text gives the same digest. Another text gives another digest (collision-resistant, for well-formed text). */
  digest(text: string): string;
}
