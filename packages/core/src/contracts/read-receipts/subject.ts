import type { Clock } from "../../ports/clock.ts";
import type { ReadReceipt, ReadReceipts } from "../../ports/read-receipts.ts";
import type { Subject } from "../contract.ts";
import type { TransportScenario } from "../transport/subject.ts";

/** A receipt as it arrived at the other side. */
export interface ReceivedReceipt extends Omit<ReadReceipt, "credential"> {
  readonly phoneNumberId: string;
  readonly accessToken: string;
}

export interface ReadReceiptsSubject extends Subject {
  readonly readReceipts: ReadReceipts;
  /** The time in which the adapter lives. */
  readonly clock: Clock;
  /** From now on that happens to receipts; without it, they are taken. */
  arrange(scenario: TransportScenario): void | Promise<void>;
  /** Every request that has arrived so far, in order. */
  received(): readonly ReceivedReceipt[] | Promise<readonly ReceivedReceipt[]>;
}
