import type { ResultAsync } from "neverthrow";

import type { Identifier } from "../content/identifiers.ts";
import type { RateLimitCause } from "../domain/message.ts";
import type { Submitted } from "./transport.ts";

/** What the limits on a submission depend on: its tenant, the number that sends it and its recipient. */
export interface RateKey {
  readonly tenantId: Identifier;
  readonly phoneNumberId: string;
  readonly to: string;
  /** Whether its message was attempted before. An attempt whose credentials were rejected does not count. */
  readonly isRetry: boolean;
  /** Whether it comes from the message queue and no caller waits for it. Default: false. Both take turns. */
  readonly isQueued?: boolean;
  /** The outlet that sends it. What two outlets say about one number is kept apart by it. */
  readonly outletId?: Identifier;
  /** How many messages the number may send per second, if the outlet's credential says it. */
  readonly numberPerSecond?: number;
}

/** Starts submissions no faster than WhatsApp and this process can take. */
export interface Pacer {
  /**
   * Waits for a permit, runs `attempt` with it, returns its result, and releases the permit however the attempt ends, even
   * where it throws. Never runs more attempts together than it has permits. Where there is no permit by `deadlineAt` the answer
   * is `RateLimited` and `attempt` does not run, at once where the pacer knows that in advance. `attempt` gets a permit, to
   * report how WhatsApp answered, from which the pacer may learn; an attempt that reports nothing changes nothing. Nobody waits
   * for an outage: while WhatsApp fails, one attempt from time to time probes whether it still fails, and every other attempt
   * is `RateLimited` at once. A change of the wall clock while it waits does not matter.
   *
   * A number keeps to `numberPerSecond` from the next call on that says another figure. Where its outlets say different figures,
   * it keeps to the lowest. It keeps to it however long an attempt takes to get ready, if each attempt asks its permit for its
   * slot right before its request.
   */
  withPermit<T, E>(
    rateKey: RateKey,
    deadlineAt: Date,
    attempt: (permit: Permit) => ResultAsync<T, E>,
  ): ResultAsync<T, E | RateLimited>;
  /**
   * What `withPermit` would answer at once if it were called now; undefined where it would run `attempt` or wait. Takes no
   * permit.
   */
  refusal(rateKey: RateKey, deadlineAt: Date): RateLimited | undefined;
  /**
   * What holds back or slows down all that each of these numbers sends; the others are absent. It changes nothing. It says what this
   * process knows and, where processes share the rates of numbers, what WhatsApp told any of them. For people who ask why messages
   * wait: a pacer need not have it.
   */
  slowdowns?(phoneNumberIds: readonly string[]): Promise<ReadonlyMap<string, Slowdown>>;
}

/** Why a number sends nothing, or less than it could. */
export interface Slowdown {
  /**
   * `open`: WhatsApp fails, so that its circuit breaker is open. `paused`: WhatsApp asked it to pause. `throttled`: it sends at a
   * lower rate.
   */
  readonly condition: "open" | "paused" | "throttled";
  /** When it is tried again, if that is known. */
  readonly until?: Date;
  /** For people, in a clause. Names neither the number nor any part of a message. */
  readonly reason: string;
}

/** Lets one attempt make one request, in a slot of its number's rate. */
export interface Permit {
  /** Reports the outcome of the attempt. Only the first call counts. */
  reportOutcome(submitted: Submitted): void;
  /**
   * To be called right before the first byte of the request, and again after each further wait. Undefined if the request may be sent
   * now. Otherwise resolves once it may, or to the reason why it must not be sent at all. A request that was not ready at its slot
   * gets another slot.
   */
  awaitSlot(): Promise<NoSlot | undefined> | undefined;
}

/** A request came too late for its slot, and there is no other for it soon. */
export interface NoSlot {
  readonly kind: "NoSlot";
  /** For people, in a clause. */
  readonly reason: string;
}

/** A rate limit that will not clear before the deadline, or an outage of WhatsApp or of what the pacer needs. */
export interface RateLimited {
  readonly kind: "RateLimited";
  /** When to try again. Attempts that are refused together get different times, so that they do not all come back at once. */
  readonly retryAt: Date;
  readonly cause: RateLimitCause;
  /** What is held back, if not all of the number: submissions to the same recipient, or those that are retries. */
  readonly only?: "recipient" | "retries";
  /** For people. Names the number, and neither the recipient nor any part of the message. */
  readonly reason: string;
}
