import type { QuotaBlock, QuotaRequest } from "./quota.ts";
import type { R, Unavailable } from "./result.ts";

/** Remembers the blocks that we hold, so that a crash cannot lose a unit's account. */
export interface QuotaLedger {
  /** Records that a block is asked for, before it is: its grant may come after we have ended. */
  request(request: QuotaRequest): R<void, Unavailable>;
  /** Every request of this process, or of one that has ended, that was neither answered by a block nor withdrawn. */
  requested(): R<readonly QuotaRequest[], Unavailable>;
  /** Forgets a request that nothing was granted for. Withdrawing it again changes nothing. */
  withdraw(requestId: string): R<void, Unavailable>;
  /** Records a block before its first unit is used, in place of its request. Opening it again changes nothing. */
  open(block: QuotaBlock, requestId: string): R<void, Unavailable>;
  /**
   * Every open block of this process, or of one that has ended, with the units that messages still hold of it, as the
   * message store's rows say. A block that no message holds a unit of has 0. A block is open again once a commit recounts
   * a unit of it; `isRecounted` says so, the first time that it is listed. A message that was given to another block holds
   * a unit of that.
   */
  unsettled(): R<readonly UnsettledBlock[], Unavailable>;
  /**
   * Forgets a block that is settled for good, unless a unit of it was recounted since it was listed last. Closing it again
   * changes nothing.
   */
  close(block: QuotaBlock): R<void, Unavailable>;
}

export interface UnsettledBlock {
  readonly block: QuotaBlock;
  readonly used: number;
  /** How many of those belong to messages that are not finished, and may come back. */
  readonly unfinished: number;
  /** What was counted before no longer holds: only the rows know. */
  readonly isRecounted?: true;
}
