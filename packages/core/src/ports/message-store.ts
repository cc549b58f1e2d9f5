import type { Identifier, MessageId } from "../domain/identifiers.ts";
import type { Message } from "../domain/message.ts";
import type { HistoryEntry } from "./history.ts";
import type { R, Unavailable } from "./result.ts";

/** Keeps every message: one document each, under a revision. */
export interface MessageStore {
  /**
   * Adds a new message, whole or not at all. Of all that carry one `(tenant, idempotency key)` exactly one is `New`,
   * however many arrive at once; the others get it as `Known`, or `KeyReused` where their fingerprint differs.
   */
  accept(message: Message): R<Accepting, Unavailable>;
  /**
   * Replaces the document if its stored revision is the one before `next.revision`, together with its outbox entries;
   * otherwise changes nothing. Gives the document as it is now stored. A key that `next` no longer carries is free.
   */
  commit(change: MessageChange): R<Commit, Unavailable | MessageUnknown>;
  find(by: MessageLookup): R<Message | undefined, Unavailable>;
}

export type Accepting =
  | { readonly kind: "New" }
  | { readonly kind: "Known"; readonly message: Message }
  | { readonly kind: "KeyReused" };

export interface MessageChange {
  readonly next: Message;
  readonly outbox?: readonly HistoryEntry[];
}

export interface Commit {
  readonly applied: boolean;
  readonly message: Message;
}

export type MessageLookup =
  | { readonly id: MessageId }
  | { readonly wamid: string }
  | { readonly tenantId: Identifier; readonly key: string };

/** The store has no message of that id. */
export interface MessageUnknown {
  readonly kind: "MessageUnknown";
}
