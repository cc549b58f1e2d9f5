import { err, errAsync, type Result } from "neverthrow";

import { type Clock, toWallTime } from "../../ports/clock.ts";
import type { HeldBack, Lane, Learn, Pacer } from "../../ports/pacer.ts";
import type { R } from "../../ports/result.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";

/**
 * Waits for a permit, but no longer than the sender is open: `closed` then. What has its permit goes on to its end, and is told
 * how long it waited.
 */
export async function withPermit<T, E, C>(
  { pacer, shutdown, clock }: { readonly pacer: Pacer; readonly shutdown: ShutdownSignal; readonly clock: Clock },
  { lane, deadlineMs, closed }: { readonly lane: Lane; readonly deadlineMs: number; readonly closed: C },
  attempt: (learn: Learn, waitedMs: number) => R<T, E>,
): Promise<Result<T, E | HeldBack | C>> {
  const askedMs = clock.monotonicMs();
  const deadlineAt = toWallTime(clock, deadlineMs);
  const passed = await shutdown.unlessClosing((begun) =>
    pacer.within<T, E | C>(lane, deadlineAt, (learn): R<T, E | C> => {
      begun();
      return shutdown.closing ? errAsync(closed) : attempt(learn, clock.monotonicMs() - askedMs);
    }),
  );
  return passed ?? err(closed);
}
