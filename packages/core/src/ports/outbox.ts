import type { HistoryEntry } from "./history.ts";
import type { R, Unavailable } from "./result.ts";
import type { ReceivedWebhook } from "./webhook-inbox.ts";

/** What the outbox holds, by whom it is for: the history, and whoever webhooks are forwarded to. */
export interface OutboxEntries {
  readonly history: HistoryEntry;
  readonly webhook: ReceivedWebhook;
}
export type Topic = keyof OutboxEntries;

/** Holds what others must still be told, in the store that holds the messages. */
export interface Outbox {
  /**
   * Hands out up to `limit` entries of a topic that are due, for `leaseMs`: nobody else gets them meanwhile. Whoever claims at the
   * same time gets others. Hands out each entry as it entered, with when that was and how often it was handed out before.
   * What was not settled by the end of its lease is due again. An entry is handed out only when none before it in its
   * conversation is left, so at most one of each at a time. An entry that waits holds up its own conversation alone.
   * Conversations of one name of two tenants are two conversations. Webhooks do not wait for each other.
   * What is due is handed out on time, however the wall clock is set meanwhile.
   */
  claim<T extends Topic>(topic: T, options: ClaimOptions): R<readonly ClaimedEntry<OutboxEntries[T]>[], Unavailable>;
  /**
   * Ends the lease. A delivered entry is gone. A dead entry is never handed out again, and the next of its conversation
   * is due. One to retry is due at its time, not before. Settling one that is gone changes nothing. Whose lease has run
   * out may still settle: what the last one says counts.
   */
  settle(ids: readonly string[], as: OutboxSettlement): R<void, Unavailable>;
  /** Puts the dead entries of a topic at the end of their lines, as if they had entered now; gives how many those were. */
  revive(topic: Topic): R<number, Unavailable>;
}

export interface ClaimOptions {
  readonly limit: number;
  readonly leaseMs: number;
}

export interface ClaimedEntry<Entry> {
  readonly id: string;
  readonly entry: Entry;
  /** When it entered the outbox. */
  readonly enqueuedAt: Date;
  /** How often it was handed out before. */
  readonly earlierClaims: number;
}

export type OutboxSettlement = "delivered" | "dead" | { readonly retryAt: Date };
