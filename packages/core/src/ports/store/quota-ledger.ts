import type { ResultAsync } from "neverthrow";

import type { QuotaBlock, QuotaRequest } from "../quota.ts";
import type { Unavailable } from "../unavailable.ts";

/** Records the blocks that this sender holds, so that a crash loses count of no unit. */
export interface QuotaLedger {
  /** Records the request for a block before it is sent: the answer may come after this process has ended. */
  request(request: QuotaRequest): ResultAsync<void, Unavailable>;
  /** Every request of this process, or of one that has ended, that was neither answered with a block nor withdrawn. */
  requested(): ResultAsync<readonly QuotaRequest[], Unavailable>;
  /** Forgets a request that was granted nothing. Withdrawing it again changes nothing. */
  withdraw(requestId: string): ResultAsync<void, Unavailable>;
  /** Records a block before its first unit is used, in place of its request. Opening it again changes nothing. */
  open(block: QuotaBlock, requestId: string): ResultAsync<void, Unavailable>;
  /**
   * Every open block of this process, or of one that has ended, with the units of it that messages hold, by the rows of the
   * message store. A block of which no message holds a unit has 0. A block is open again once a commit recounts a unit of it;
   * `isRecounted` says so the first time that it is listed. A message that was moved to another block holds a unit of that
   * block.
   */
  unsettled(): ResultAsync<readonly UnsettledBlock[], Unavailable>;
  /**
   * Forgets a block that is settled for good, unless a unit of it was recounted since it was last listed. Closing it again
   * changes nothing.
   */
  close(block: QuotaBlock): ResultAsync<void, Unavailable>;
}

/** An open block, with its units that messages hold. */
export interface UnsettledBlock {
  readonly block: QuotaBlock;
  readonly used: number;
  /** How many of those belong to unfinished messages and may be returned. */
  readonly unfinished: number;
  /** An earlier count no longer holds: only the rows are right. */
  readonly isRecounted?: true;
}
