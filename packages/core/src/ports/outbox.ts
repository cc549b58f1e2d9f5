import type { HistoryEntry } from "./history.ts";
import type { R, Unavailable } from "./result.ts";

/** Holds what others must still be told, in the store that holds the messages. */
export interface Outbox {
  /**
   * Hands out up to `limit` due entries for `leaseMs`; nobody else gets them meanwhile. In order per conversation: an
   * entry is handed out only when none before it in its conversation is left, so at most one of each at a time.
   */
  claim(options: ClaimOptions): R<readonly ClaimedEntry[], Unavailable>;
  /**
   * Ends the lease. A delivered entry is gone, a dead one is never handed out again, and one to retry is due at its time;
   * settling one that is gone changes nothing.
   */
  settle(ids: readonly string[], as: OutboxSettlement): R<void, Unavailable>;
}

export interface ClaimOptions {
  readonly limit: number;
  readonly leaseMs: number;
}

export interface ClaimedEntry {
  readonly id: string;
  readonly entry: HistoryEntry;
  /** When it entered the outbox. */
  readonly enqueuedAt: Date;
  /** How often it was handed out before. */
  readonly earlierClaims: number;
}

export type OutboxSettlement = "delivered" | "dead" | { readonly retryAt: Date };
