import type { Identifier } from "../content/identifiers.ts";
import type { RateLimitCause } from "../domain/message.ts";
import type { R } from "./result.ts";
import type { Submitted } from "./transport.ts";

/** What the limits on a submission depend on: its tenant, the number that sends it and its recipient. */
export interface RateKey {
  readonly tenantId: Identifier;
  readonly phoneNumberId: string;
  readonly to: string;
  /** Whether its message was tried before. A try whose credentials were refused says nothing of WhatsApp and does not count. */
  readonly isRepeat: boolean;
  /** Whether nobody waits for it. Those who wait and those who do not take turns. Default: somebody does. */
  readonly isQueued?: boolean;
}

/** Lets submissions through no faster than WhatsApp and this process can bear. */
export interface Pacer {
  /**
   * Waits for a permit, runs `attempt` holding it, gives what it gives, and takes it back however that ends, a defect
   * that is thrown included. Runs no more attempts at a time than it has permits for. A permit that cannot be had by
   * `deadlineAt` is `RateLimited` without `attempt` having run, at once where the pacer knows that beforehand. `attempt` is
   * given a function to tell how WhatsApp answered, from which the pacer may learn; an attempt that reports nothing changes nothing.
   * Nobody waits for an outage: while WhatsApp fails, one attempt from time to time tries whether it still does, and whoever
   * else comes or waits is `RateLimited` at once.
   * A change of the wall clock while it waits does not matter.
   */
  withPermit<T, E>(
    rateKey: RateKey,
    deadlineAt: Date,
    attempt: (reportOutcome: ReportOutcome) => R<T, E>,
  ): R<T, E | RateLimited>;
  /** What `withPermit` would answer at once if it were called now; undefined where it would run `attempt` or wait. Takes nothing. */
  refusal(rateKey: RateKey, deadlineAt: Date): RateLimited | undefined;
}

/** Tells what the attempt ended in. Only the first call counts. */
export type ReportOutcome = (submitted: Submitted) => void;

export interface RateLimited {
  readonly kind: "RateLimited";
  /** When a permit may be had. Those who are held back together are told different times, so that they do not all come at once. */
  readonly until: Date;
  readonly cause: RateLimitCause;
  /** For people: names the number, and neither the recipient nor anything of the message. */
  readonly reason: string;
}
