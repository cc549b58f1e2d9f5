import type { Identifier } from "../domain/identifiers.ts";
import type { R } from "./result.ts";

/** What a submission meets on its way: whose it is, the number it leaves from and whom it is for. */
export interface Lane {
  readonly tenantId: Identifier;
  readonly phoneNumberId: string;
  readonly to: string;
}

/** Lets submissions through no faster than WhatsApp and this process can bear. */
export interface Pacer {
  /**
   * Waits for a permit, runs `attempt` holding it, gives what it gives, and takes it back however that ends, a defect
   * that is thrown included. Runs no more attempts at a time than it has permits for. A permit that cannot be had by
   * `deadlineAt` is `HeldBack` without `attempt` having run.
   */
  within<T, E>(lane: Lane, deadlineAt: Date, attempt: () => R<T, E>): R<T, E | HeldBack>;
}

export interface HeldBack {
  readonly kind: "HeldBack";
  /** When a permit may be had. */
  readonly until: Date;
  readonly reason: string;
}
