import type { Clock } from "../../ports/clock.ts";
import type { ReadReceipt, ReadReceipts } from "../../ports/read-receipts.ts";
import type { Subject } from "../contract.ts";
import type { TransportScenario } from "../transport/subject.ts";

/** A receipt as WhatsApp received it. */
export interface ReceivedReceipt extends Omit<ReadReceipt, "credential"> {
  readonly phoneNumberId: string;
  readonly accessToken: string;
}

export interface ReadReceiptsSubject extends Subject {
  readonly readReceipts: ReadReceipts;
  /** The clock that the adapter goes by: the system clock where it waits in real time. */
  readonly clock: Clock;
  /**
   * The time limit of a call that nobody answers, in milliseconds: what such a case takes where time is real. Default: 2,000. It has
   * to suffice to connect, on a slow machine too.
   */
  readonly silenceMs?: number;
  /** From now on this happens to receipts. By default they are taken. */
  arrange(scenario: TransportScenario): void | Promise<void>;
  /** Every request that WhatsApp has received so far, in order. */
  received(): readonly ReceivedReceipt[] | Promise<readonly ReceivedReceipt[]>;
}
