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
  /** The adapter's clock: the system clock if it waits in real time. */
  readonly clock: Clock;
  /**
   * The time limit of a call that gets no answer, in milliseconds: how long such a case takes in real time. Default: 2,000. It must
   * be long enough to connect on a slow machine.
   */
  readonly silenceMs?: number;
  /** Sets how WhatsApp answers receipts from now on. By default it accepts them. */
  arrange(scenario: TransportScenario): void | Promise<void>;
  /** Every request that WhatsApp has received so far, in order. */
  received(): readonly ReceivedReceipt[] | Promise<readonly ReceivedReceipt[]>;
}
