import type { ResultAsync } from "neverthrow";

import type { Identifier, MessageId } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import type { MessageKind } from "../../domain/message-kind.ts";
import type { MessageFilter } from "../../domain/message-filter.ts";
import type { EnteredClaimed, NewOutboxEntry } from "./outbox.ts";
import type { Unavailable } from "../unavailable.ts";

/** Keeps every message as one document with a revision. */
export interface MessageStore {
  /**
   * Adds a new message, whole or not at all, and with it its outbox entries. Messages without a key are always `New`; their ids
   * are new by themselves. Of all messages with one key of one tenant exactly one is `New`, however many arrive at once. The
   * others get that one as `Known`, as it is stored now; where their fingerprint differs the answer is `KeyReused`. The same key
   * of another tenant is another key.
   */
  accept(message: Message, outbox?: readonly NewOutboxEntry[]): ResultAsync<AcceptResult, Unavailable>;
  /**
   * Replaces the document if its stored revision is the one before `next.revision`, and its outbox entries enter together with
   * it; otherwise changes nothing. Of several commits on one revision exactly one applies, however many arrive at once. Returns
   * the document as it is stored now, so that the loser sees the winner's. A key that `next` no longer has is free for good. A
   * message that was never accepted is `MessageUnknown`. Whoever commits works on the message from then on; a bystander leaves
   * it with whoever did.
   */
  commit(change: MessageChange): ResultAsync<Commit, Unavailable | MessageUnknown>;
  /**
   * Finds a message by its id, by each id that WhatsApp gave it and by its tenant's key. A message that is not there is
   * `undefined`. Every document comes back unchanged, to the last code point and millisecond; it is read-only.
   */
  find(by: MessageLookup): ResultAsync<Message | undefined, Unavailable>;
  /**
   * One page of the messages that match every filter, as they are stored now: up to `limit` of them, the newest first, by
   * `acceptedAt`; those of one millisecond have a fixed order. `next` is where the next page begins: the pages together have
   * each message once, also if others are accepted meanwhile. Without `next` nothing is left. A page may be short or empty and
   * have a `next`: a store looks at 10,000 messages per page at most, and for a short time.
   */
  list(query: MessageQuery): ResultAsync<MessagePage, Unavailable>;
  /**
   * How many messages there are of each kind (`kindOf`), of one tenant or of all. Those are counted that were accepted at `since`
   * or later and before `until`, each as it is stored at the call. A call counts up to `limit` messages, and returns where the next
   * one continues: together the calls count each message once, whatever is committed meanwhile. Without `next` none is left.
   */
  count(query: CountQuery): ResultAsync<MessageCounts, Unavailable>;
  /**
   * Up to `limit` messages that nobody works on any more: not finished, not due in the queue, and the process that wrote to
   * them last, other than as a bystander, has ended. A store that only one process can have open knows that at once, a shared
   * one within 45 seconds. What this process wrote to last is never among them.
   */
  overdue(limit: number): ResultAsync<readonly Message[], Unavailable>;
}

/** What became of a new message. `New`: with the outbox entries that entered claimed, if any did. `Known`: its key belongs to this message. `KeyReused`: its key was used for another request. */
export type AcceptResult =
  | { readonly kind: "New"; readonly claimed?: readonly EnteredClaimed[] }
  | { readonly kind: "Known"; readonly message: Message }
  | { readonly kind: "KeyReused" };

/** A change to commit: the next revision of the document, with its outbox entries. */
export interface MessageChange {
  readonly next: Message;
  readonly outbox?: readonly NewOutboxEntry[];
  /** Records a fact without taking the message over: it stays with the process that works on it. */
  readonly isBystander?: boolean;
  /**
   * Its unit was returned, or counts again, after its block may have been settled, which is then settled again (`QuotaLedger.unsettled`).
   */
  readonly recountsUnit?: boolean;
}

/** Whether the change applied, and the document as it is stored now. */
export interface Commit {
  readonly applied: boolean;
  readonly message: Message;
  /** The entries of the change that entered the outbox claimed, if any did. */
  readonly claimed?: readonly EnteredClaimed[];
}

/** How to find a message. */
export type MessageLookup =
  | { readonly id: MessageId }
  | { readonly wamid: string }
  | { readonly tenantId: Identifier; readonly key: string };

/** One page of a list. */
export interface MessageQuery extends MessageFilter {
  /** The `next` of the page before. Absent: the first page. */
  readonly after?: MessagePosition;
  /** 1 or more. */
  readonly limit: number;
}

/** A place in the order of a list, between two messages. */
export interface MessagePosition {
  readonly acceptedAt: Date;
  /** The store's own number of the message, by which it orders messages of one millisecond. */
  readonly number: number;
}

/** The messages of one page, and where the next one begins. */
export interface MessagePage {
  readonly messages: readonly Message[];
  readonly next?: MessagePosition;
}

/** Which messages to count. */
export interface CountQuery {
  /** Absent: the messages of every tenant. */
  readonly tenantId?: Identifier;
  /** Accepted at this time or later. */
  readonly since: Date;
  /** Accepted before this time. */
  readonly until: Date;
  /** The `next` of the call before. Absent: the first call. */
  readonly after?: MessagePosition;
  /** 1 or more. */
  readonly limit: number;
}

/** How many messages there are of each kind, and where the next call continues. */
export interface MessageCounts {
  /** One for each kind, in no order. */
  readonly counts: readonly MessageCount[];
  readonly next?: MessagePosition;
}

/** How many messages are of a kind. */
export interface MessageCount extends MessageKind {
  readonly count: number;
}

/** The store has no message of that id. */
export interface MessageUnknown {
  readonly kind: "MessageUnknown";
}
