import type { Identifier } from "../domain/identifiers.ts";
import type { HoldCause } from "../domain/message.ts";
import type { R } from "./result.ts";
import type { Submitted } from "./transport.ts";

/** What a submission meets on its way: whose it is, the number it leaves from and whom it is for. */
export interface Lane {
  readonly tenantId: Identifier;
  readonly phoneNumberId: string;
  readonly to: string;
  /** Whether its message was tried before. */
  readonly isRepeat: boolean;
}

/** Lets submissions through no faster than WhatsApp and this process can bear. */
export interface Pacer {
  /**
   * Waits for a permit, runs `attempt` holding it, gives what it gives, and takes it back however that ends, a defect
   * that is thrown included. Runs no more attempts at a time than it has permits for. A permit that cannot be had by
   * `deadlineAt` is `HeldBack` without `attempt` having run, as soon as that is known. `attempt` is given a function to tell
   * how WhatsApp answered, from which the pacer learns; telling nothing teaches nothing.
   */
  within<T, E>(lane: Lane, deadlineAt: Date, attempt: (learn: Learn) => R<T, E>): R<T, E | HeldBack>;
}

export type Learn = (submitted: Submitted) => void;

export interface HeldBack {
  readonly kind: "HeldBack";
  /** When a permit may be had. */
  readonly until: Date;
  readonly because: HoldCause;
  readonly reason: string;
}
