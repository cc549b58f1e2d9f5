import type { QuotaBlock } from "./quota.ts";
import type { R, Unavailable } from "./result.ts";

/** Remembers the blocks that we hold, so that a crash cannot lose a unit's account. */
export interface QuotaLedger {
  /** Records a block before its first unit is used. Opening it again changes nothing. */
  open(block: QuotaBlock): R<void, Unavailable>;
  /**
   * Every open block that this process or one that has ended opened, with the units that messages still hold of it, as the message store's rows say. A block that no
   * message holds a unit of has 0.
   */
  unsettled(): R<readonly UnsettledBlock[], Unavailable>;
  /** Forgets a block that is settled for good. Closing it again changes nothing. */
  close(block: QuotaBlock): R<void, Unavailable>;
}

export interface UnsettledBlock {
  readonly block: QuotaBlock;
  readonly used: number;
}
