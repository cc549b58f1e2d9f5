import { err, errAsync, type Result, type ResultAsync } from "neverthrow";

import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { type Clock, toWallTime } from "../../ports/clock.ts";
import type { RateLimited, RateKey, Pacer, Permit } from "../../ports/pacer.ts";

/** Which permit is needed, and the error if the sender begins to close while the call waits for it. */
export interface PermitRequest<C> {
  readonly rateKey: RateKey;
  readonly deadlineMs: number;
  readonly ifClosing: C;
}

/**
 * Runs an attempt with a permit of the pacer, and passes on how many milliseconds it waited. An attempt that has its permit runs to
 * its end, even if the sender begins to close.
 */
export type WithPermit = <T, E, C>(
  wanted: PermitRequest<C>,
  attempt: (permit: Permit, waitedMs: number) => ResultAsync<T, E>,
) => PromiseLike<Result<T, E | RateLimited | C>>;

interface WithPermitParts {
  readonly pacer: Pacer;
  readonly shutdown: ShutdownSignal;
  readonly clock: Clock;
}

export function createWithPermit({ pacer, shutdown, clock }: WithPermitParts): WithPermit {
  return <T, E, C>(
    { rateKey, deadlineMs, ifClosing }: PermitRequest<C>,
    attempt: (permit: Permit, waitedMs: number) => ResultAsync<T, E>,
  ): PromiseLike<Result<T, E | RateLimited | C>> => {
    const askedMs = clock.monotonicMs();
    return shutdown.unlessClosing<Result<T, E | RateLimited | C>>(
      (wait) =>
        pacer.withPermit<T, E | C>(rateKey, toWallTime(clock, deadlineMs), (permit): ResultAsync<T, E | C> => {
          wait.end();
          return shutdown.closing ? errAsync(ifClosing) : attempt(permit, clock.monotonicMs() - askedMs);
        }),
      err(ifClosing),
    );
  };
}
