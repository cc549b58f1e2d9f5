import { err, errAsync, type Result, type ResultAsync } from "neverthrow";

import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { type Clock, toWallTime } from "../../ports/clock.ts";
import type { RateLimited, RateKey, ReportOutcome, Pacer } from "../../ports/pacer.ts";

/** Which permit is needed, and what the answer is where the sender begins to close before it is there. */
interface PermitRequest<C> {
  readonly rateKey: RateKey;
  readonly deadlineMs: number;
  readonly ifClosing: C;
}

/**
 * Runs an attempt under a permit of the pacer, and tells it how long it waited. Once an attempt has its permit it runs to its
 * end, also when the sender begins to close.
 */
export type WithPermit = <T, E, C>(
  wanted: PermitRequest<C>,
  attempt: (reportOutcome: ReportOutcome, waitedMs: number) => ResultAsync<T, E>,
) => Promise<Result<T, E | RateLimited | C>>;

interface WithPermitParts {
  readonly pacer: Pacer;
  readonly shutdown: ShutdownSignal;
  readonly clock: Clock;
}

export function createWithPermit({ pacer, shutdown, clock }: WithPermitParts): WithPermit {
  return async <T, E, C>(
    { rateKey, deadlineMs, ifClosing }: PermitRequest<C>,
    attempt: (reportOutcome: ReportOutcome, waitedMs: number) => ResultAsync<T, E>,
  ): Promise<Result<T, E | RateLimited | C>> => {
    const askedMs = clock.monotonicMs();
    const deadlineAt = toWallTime(clock, deadlineMs);
    const passed = await shutdown.unlessClosing((begun) =>
      pacer.withPermit<T, E | C>(rateKey, deadlineAt, (reportOutcome): ResultAsync<T, E | C> => {
        begun();
        return shutdown.closing ? errAsync(ifClosing) : attempt(reportOutcome, clock.monotonicMs() - askedMs);
      }),
    );
    return passed ?? err(ifClosing);
  };
}
